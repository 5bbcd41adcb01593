// Package orders is the order files that ship, one for each legal instrument.
//
// Holds: the files, as they were written, in the binary.
// Promises: each is accepted by order.Parse and passes its own tests.
// May open: order, for those who want them parsed.
// Never: adopts one. A city adopts the order it is bound by, by name.
package orders

import (
	"embed"
	"io/fs"
	"slices"

	"jurat"
	"jurat/order"
)

//go:embed *.yaml
var files embed.FS

// Chicago is the file name of Chicago's Executive Order 2026-01.
const Chicago = "chicago-eo-2026-01.yaml"

// Names lists the files that ship, in order.
func Names() []string {
	names, _ := fs.Glob(files, "*.yaml")
	slices.Sort(names)
	return names
}

// Read gives the bytes of a file that ships; NotFound for any other name.
func Read(name string) ([]byte, error) {
	if !slices.Contains(Names(), name) {
		return nil, jurat.Errorf(jurat.NotFound, "no order file named %q ships; those that do are %v", name, Names())
	}
	return files.ReadFile(name)
}

// Parse reads a file that ships.
func Parse(name string) (*order.Order, error) {
	src, err := Read(name)
	if err != nil {
		return nil, err
	}
	o, problems := order.Parse("orders/"+name, src)
	return o, problems.Err()
}
