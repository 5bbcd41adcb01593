// Command jurat is the door: one binary, one file for each verb.
//
// Holds: nothing; it opens a record, asks the desk, prints the answer, and
// maps it to an exit status: 0 yes, 1 altered, 2 bad usage or bad input file,
// 3 refused, could not tell, or part of a batch failed.
// Promises: data on standard output, everything else on standard error; with
// --json one object per line; no call of a network.
// May open: every room; it alone opens backends and reads the clock.
// Never: decides who may, writes SQL, or prints a secret but into a file the
// person named.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, surroundings{
		stdout: os.Stdout, stderr: os.Stderr, stdin: os.Stdin, getenv: os.Getenv, now: time.Now, args: os.Args[1:],
	}))
}
