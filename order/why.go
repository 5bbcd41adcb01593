package order

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// unknownLines names the facts that are missing; of a known value there are
// none.
func unknownLines(v ref.Val) []string {
	u, ok := v.(*types.Unknown)
	if !ok {
		return nil
	}
	var out []string
	for _, id := range u.IDs() {
		trails, _ := u.GetAttributeTrails(id)
		for _, t := range trails {
			if line := "not known: " + t.Variable(); !slices.Contains(out, line) {
				out = append(out, line)
			}
		}
	}
	slices.SortFunc(out, cmp.Compare)
	if len(out) > 8 {
		out = append(out[:8], fmt.Sprintf("and %d more that are not known", len(out)-8))
	}
	return out
}

func merge(a, b []string) []string {
	for _, x := range b {
		if !slices.Contains(a, x) {
			a = append(a, x)
		}
	}
	return a
}

// lines says which facts an expression read and what they were.
func (s *scene) lines(x *expression, in itemScene) []string {
	if s.bare {
		return nil
	}
	var out []string
	for _, path := range x.paths {
		if line := s.line(path, in); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func (s *scene) line(path []string, in itemScene) string {
	root, _ := in.ResolveName(path[0])
	v, _ := root.(ref.Val)
	name := strings.Join(path, ".")
	for _, field := range path[1:] {
		t, ok := v.(traits.Indexer)
		if !ok {
			return ""
		}
		v = t.Get(types.String(field))
	}
	switch v := v.(type) {
	case types.Bool:
		if v {
			return name + ": yes"
		}
		return name + ": no"
	case types.String:
		return name + ": " + string(v)
	case types.Int:
		return fmt.Sprintf("%s: %d", name, int64(v))
	case types.Double:
		return fmt.Sprintf("%s: %g", name, float64(v))
	case types.Timestamp:
		return name + ": " + v.Time.In(s.o.Zone).Format(time.RFC3339)
	case traits.Lister:
		n, _ := v.Size().(types.Int)
		if n == 0 {
			return name + ": none on record"
		}
		return fmt.Sprintf("%s: %d on record", name, int64(n))
	case *types.Unknown:
		return name + ": not known"
	}
	return ""
}
