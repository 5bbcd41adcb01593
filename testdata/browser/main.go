// Command browser looks at pages of the counter in a real Chromium, and walks
// through it as people do.
//
//	browser look  <ASK.json  >FOUND.json
//	browser walk  <WALK.json >WALKED.json
//	browser signon <SIGNON.json >SIGNEDON.json
//	browser quick <QUICK.json >QUICKWALKED.json
//	browser draw  <DRAW.json >DRAWN.json
//	browser journeys <WALKWAY.json >WENT.json
//
// Exit: 0 it looked (what it found is in the answer), 3 it could not.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/chromedp/chromedp"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "browser:", err)
		os.Exit(3)
	}
}

func run() error {
	if len(os.Args) != 2 {
		return fmt.Errorf("say what to do: look, walk, quick, signon, draw or journeys")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 12*time.Minute)
	defer cancel()
	ctx, cancel = chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
	)...)
	defer cancel()
	switch os.Args[1] {
	case "look":
		return reply(ctx, look)
	case "walk":
		return reply(ctx, walk)
	case "quick":
		return reply(ctx, quick)
	case "signon":
		return reply(ctx, signOn)
	case "draw":
		return reply(ctx, draw)
	case "journeys":
		return reply(ctx, walkAll)
	}
	return fmt.Errorf("%q is nothing this does", os.Args[1])
}

// reply reads what is asked, does it, and writes what was found.
func reply[Asked, Found any](ctx context.Context, do func(context.Context, Asked) (Found, error)) error {
	var asked Asked
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		return fmt.Errorf("read what is asked: %w", err)
	}
	found, err := do(ctx, asked)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(found)
}
