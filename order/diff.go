package order

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Change is one difference between two versions of an order file, at one
// place. Spacing, comments, quotes and the order of keys are none.
type Change struct {
	Path     string `json:"path"` // duties.preserve-footage.clock.within
	Kind     string `json:"kind"` // added, removed, changed
	Was      string `json:"was,omitempty"`
	Now      string `json:"now,omitempty"`
	BasisWas Basis  `json:"basis_was,omitempty"` // of the entry around it
	BasisNow Basis  `json:"basis_now,omitempty"`
}

// String is the change in one line.
func (c Change) String() string {
	switch c.Kind {
	case "added":
		return fmt.Sprintf("+ %s: %s (%s)", c.Path, c.Now, c.BasisNow)
	case "removed":
		return fmt.Sprintf("- %s: %s (%s)", c.Path, c.Was, c.BasisWas)
	}
	basis := string(c.BasisNow)
	if c.BasisWas != c.BasisNow {
		basis = fmt.Sprintf("%s, was %s", c.BasisNow, c.BasisWas)
	}
	return fmt.Sprintf("~ %s: %s, was %s (%s)", c.Path, c.Now, c.Was, basis)
}

// Diff gives every entry that was added, removed or changed from a to b, in the
// order of the keys of an order file and then of the paths. An entry with an id
// that the other file lacks is one change, with its whole text. Two readings of
// one file differ in nothing.
func Diff(a, b *Order) []Change {
	var out []Change
	compareNodes(a.root, b.root, "", "", "", &out)
	place := func(c Change) int {
		head, _, _ := strings.Cut(c.Path, ".")
		return slices.Index(headKeys, head)
	}
	slices.SortStableFunc(out, func(x, y Change) int { return cmp.Or(cmp.Compare(place(x), place(y)), strings.Compare(x.Path, y.Path)) })
	return out
}

func compareNodes(a, b *node, path string, wasBasis, nowBasis Basis, out *[]Change) {
	wasBasis, nowBasis = basisOf(a, wasBasis), basisOf(b, nowBasis)
	switch {
	case a == nil && b == nil:
	case a == nil:
		*out = append(*out, Change{Path: path, Kind: "added", Now: b.words(), BasisNow: nowBasis})
	case b == nil:
		*out = append(*out, Change{Path: path, Kind: "removed", Was: a.words(), BasisWas: wasBasis})
	case a.form == isMap && b.form == isMap:
		for _, p := range a.pairs {
			compareNodes(p.value, b.child(p.key), join(path, p.key), wasBasis, nowBasis, out)
		}
		for _, p := range b.pairs {
			if a.child(p.key) == nil {
				compareNodes(nil, p.value, join(path, p.key), wasBasis, nowBasis, out)
			}
		}
	case a.form == isList && b.form == isList && (a.grouped() || b.grouped()):
		was, now := a.entries(), b.entries()
		for _, e := range was {
			compareNodes(e.value, entry(now, e.key), join(path, e.key), wasBasis, nowBasis, out)
		}
		for _, e := range now {
			if entry(was, e.key) == nil {
				compareNodes(nil, e.value, join(path, e.key), wasBasis, nowBasis, out)
			}
		}
	case a.words() != b.words():
		*out = append(*out, Change{Path: path, Kind: "changed", Was: a.words(), Now: b.words(), BasisWas: wasBasis, BasisNow: nowBasis})
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// basisOf is the basis of an entry, or of the one around it.
func basisOf(n *node, around Basis) Basis {
	if n != nil && n.form == isMap {
		if b := n.child("basis"); b != nil {
			return Basis(b.text)
		}
	}
	return around
}

func (n *node) child(key string) *node {
	for _, p := range n.pairs {
		if p.key == key {
			return p.value
		}
	}
	return nil
}

// grouped reports whether a list holds groups of keys.
func (n *node) grouped() bool {
	return slices.ContainsFunc(n.items, func(m *node) bool { return m.form == isMap })
}

// entries gives the items of a list under what names them: their id, else the
// keys that tell them apart, else their place.
func (n *node) entries() []pair {
	var out []pair
	for i, m := range n.items {
		key := ""
		for _, names := range [][]string{{"id"}, {"field"}, {"state", "date"}, {"state", "authority"}, {"ordinal"}, {"duty"}} {
			var parts []string
			for _, k := range names {
				if c := m.child(k); c != nil && c.form != isMap && c.form != isList {
					parts = append(parts, oneLine(c.text))
				}
			}
			if len(parts) == len(names) {
				key = strings.Join(parts, " ")
				break
			}
		}
		if key == "" || entry(out, key) != nil {
			key = strings.TrimSpace(fmt.Sprintf("%s #%d", key, i+1))
		}
		out = append(out, pair{key: key, value: m})
	}
	return out
}

func entry(all []pair, key string) *node {
	for _, p := range all {
		if p.key == key {
			return p.value
		}
	}
	return nil
}

// words is the text of a value: that of a group, on one line.
func (n *node) words() string {
	switch n.form {
	case isList:
		var out []string
		for _, m := range n.items {
			out = append(out, m.words())
		}
		return strings.Join(out, ", ")
	case isMap:
		var out []string
		for _, p := range n.pairs {
			text := p.value.words()
			if p.value.form == isMap {
				text = "{" + text + "}"
			}
			out = append(out, p.key+": "+text)
		}
		return strings.Join(out, "; ")
	}
	return oneLine(n.text)
}
