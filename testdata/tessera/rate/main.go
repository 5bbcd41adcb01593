// Command rate measures how many entries a second Tessera's POSIX log takes
// durably: a rival of Jurat's acts in make bench.
//
//	rate FOLDER WRITERS SECONDS
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/storage/posix"
	"golang.org/x/mod/sumdb/note"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "rate:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 3 {
		return fmt.Errorf("want a folder, how many writers and how many seconds")
	}
	writers, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	seconds, err := strconv.ParseFloat(args[2], 64)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	driver, err := posix.New(ctx, posix.Config{Path: args[0]})
	if err != nil {
		return err
	}
	secret, _, err := note.GenerateKey(rand.Reader, "rival.example/log")
	if err != nil {
		return err
	}
	signer, err := note.NewSigner(secret)
	if err != nil {
		return err
	}
	// A batch no larger than the writers fill, and young, is its best setting
	// for so few.
	opts := tessera.NewAppendOptions().WithCheckpointSigner(signer).WithBatching(uint(min(writers, 256)), 5*time.Millisecond).WithCheckpointInterval(100 * time.Millisecond)
	appender, shutdown, _, err := tessera.NewAppender(ctx, driver, opts)
	if err != nil {
		return err
	}
	var done atomic.Int64
	var failed atomic.Pointer[error]
	began := time.Now()
	until := began.Add(time.Duration(seconds * float64(time.Second)))
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			body := make([]byte, 1200)
			for time.Now().Before(until) {
				if _, err := rand.Read(body[:32]); err != nil {
					failed.Store(&err)
					return
				}
				if _, err := appender.Add(ctx, tessera.NewEntry(body))(); err != nil {
					failed.Store(&err)
					return
				}
				done.Add(1)
			}
		})
	}
	wg.Wait()
	if err := failed.Load(); err != nil {
		return *err
	}
	fmt.Printf("%.0f\n", float64(done.Load())/time.Since(began).Seconds())
	return shutdown(ctx)
}
