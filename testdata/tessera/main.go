// Command tessera reads a log folder as a stranger would: with Tessera's fsck,
// which shares no code with Jurat. It is built and run by a test of
// internal/ledger, under a time limit, because fsck may hang on damage; only
// its line "Successfully fsck'd log with size N and root …" is an answer.
//
//	tessera FOLDER
//
// FOLDER is a file:// address or a path; the key is in FOLDER/log.pub.
package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	formats "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/fsck"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "tessera:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("want the address of a log folder")
	}
	folder, err := url.Parse(args[0])
	if err != nil {
		return err
	}
	key, err := os.ReadFile(filepath.Join(folder.Path, "log.pub"))
	if err != nil {
		return err
	}
	verifier, err := formats.NewVerifier(string(key))
	if err != nil {
		return err
	}
	// Check itself prints the line of success, as a log line of its own.
	return fsck.New(verifier.Name(), verifier, &client.FileFetcher{Root: folder.Path}, hashes, fsck.Opts{N: 2}).Check(context.Background())
}

// hashes takes a bundle apart with Tessera's own parser.
func hashes(bundle []byte) ([][]byte, error) {
	var entries api.EntryBundle
	if err := entries.UnmarshalText(bundle); err != nil {
		return nil, err
	}
	list := make([][]byte, len(entries.Entries))
	for i, e := range entries.Entries {
		list[i] = rfc6962.DefaultHasher.HashLeaf(e)
	}
	return list, nil
}
