package order

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
)

// A shape is a kind of object an expression may read: its fields, their types,
// and how each is read. CEL checks every expression against shapes when the
// file is parsed, so a misspelt field is found then.
type shape struct {
	name  string // in messages: "exhibit"
	typ   *cel.Type
	slots map[string]*slot
	names []string
}

// A slot is one field of a shape. get gives nil for a fact that is missing.
type slot struct {
	name   string
	typ    *cel.Type
	doc    string
	enum   []string // the closed list its text is one of, where there is one
	field  *Field   // of a record type
	get    func(of any) ref.Val
	object *shape // of the value, or of the items of a list
}

func newShape(typeName, name string, slots ...*slot) *shape {
	s := &shape{name: name, typ: types.NewObjectType(typeName, traits.IndexerType, traits.FieldTesterType), slots: map[string]*slot{}}
	for _, x := range slots {
		s.add(x)
	}
	return s
}

func (s *shape) add(x *slot) {
	s.slots[x.name] = x
	s.names = append(s.names, x.name)
}

// A thing is one object as an expression sees it. Reading a field that is
// missing gives CEL's unknown, which no comparison turns into yes or no.
type thing struct {
	shape *shape
	of    any
	id    string
}

// missing is the value of a fact nobody stated, carrying its name for the
// reason a person is given.
func missing(name string) ref.Val { return types.NewUnknown(1, types.NewAttributeTrail(name)) }

func (t *thing) Get(index ref.Val) ref.Val {
	name, ok := index.(types.String)
	if !ok {
		return types.NewErr("no such field")
	}
	s := t.shape.slots[string(name)]
	if s == nil {
		return types.NewErr("no such field %q", string(name))
	}
	if v := s.get(t.of); v != nil {
		return v
	}
	if t.id == "" {
		return missing(s.name + " of the " + t.shape.name)
	}
	return missing(s.name + " of " + t.id)
}

func (t *thing) IsSet(index ref.Val) ref.Val {
	name, _ := index.(types.String)
	s := t.shape.slots[string(name)]
	return types.Bool(s != nil && s.get(t.of) != nil)
}

func (t *thing) ConvertToNative(to reflect.Type) (any, error) {
	return nil, fmt.Errorf("a %s has no native form", t.shape.name)
}

func (t *thing) ConvertToType(to ref.Type) ref.Val {
	if to.TypeName() == t.shape.typ.TypeName() {
		return t
	}
	return types.NewErr("a %s is no %s", t.shape.name, to.TypeName())
}

func (t *thing) Equal(other ref.Val) ref.Val {
	o, ok := other.(*thing)
	return types.Bool(ok && (o == t || o.shape == t.shape && o.of == t.of))
}

func (t *thing) Type() ref.Type { return t.shape.typ }
func (t *thing) Value() any     { return t }

// shapes is the type provider of one order: the shapes of the facts, of its
// record types, and of its own terms and moments.
type shapes struct {
	types.Provider
	byType map[string]*shape
}

func (p shapes) FindStructType(name string) (*types.Type, bool) {
	if s := p.byType[name]; s != nil {
		return types.NewTypeTypeWithParam(s.typ), true
	}
	return p.Provider.FindStructType(name)
}

func (p shapes) FindStructFieldNames(name string) ([]string, bool) {
	if s := p.byType[name]; s != nil {
		return s.names, true
	}
	return p.Provider.FindStructFieldNames(name)
}

func (p shapes) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	s := p.byType[name]
	if s == nil {
		return p.Provider.FindStructFieldType(name, field)
	}
	x := s.slots[field]
	if x == nil {
		return nil, false
	}
	return &types.FieldType{Type: x.typ}, true
}

// NewValue refuses: an expression reads facts and makes none.
func (p shapes) NewValue(name string, _ map[string]ref.Val) ref.Val {
	return types.NewErr("an expression makes no %s", name)
}

// Slots of each type, over a Go value of type T. A zero value is missing.

func textSlot[T any, S ~string](name, doc string, get func(T) S, enum ...string) *slot {
	return &slot{name: name, doc: doc, typ: cel.StringType, enum: enum, get: func(of any) ref.Val {
		if v := get(of.(T)); v != "" {
			return types.String(v)
		}
		return nil
	}}
}

func timeSlot[T any](name, doc string, get func(T) time.Time) *slot {
	return &slot{name: name, doc: doc, typ: cel.TimestampType, get: func(of any) ref.Val { return timeVal(get(of.(T))) }}
}

func timeVal(t time.Time) ref.Val {
	if t.IsZero() {
		return nil
	}
	return types.Timestamp{Time: t.UTC()}
}

func truthSlot[T any](name, doc string, get func(T) bool) *slot {
	return &slot{name: name, doc: doc, typ: cel.BoolType, get: func(of any) ref.Val { return types.Bool(get(of.(T))) }}
}

func answerSlot[T any, S ~string](name, doc string, get func(T) S) *slot {
	return &slot{name: name, doc: doc, typ: cel.BoolType, get: func(of any) ref.Val { return answerVal(string(get(of.(T)))) }}
}

func answerVal(v string) ref.Val {
	switch v {
	case "yes":
		return types.True
	case "no":
		return types.False
	}
	return nil
}

func wholeSlot[T any](name, doc string, get func(T) int) *slot {
	return &slot{name: name, doc: doc, typ: cel.IntType, get: func(of any) ref.Val { return types.Int(get(of.(T))) }}
}

func textsSlot[T any](name, doc string, get func(T) []string) *slot {
	return &slot{name: name, doc: doc, typ: cel.ListType(cel.StringType), get: func(of any) ref.Val {
		vs := get(of.(T))
		out := make([]ref.Val, len(vs))
		for i, v := range vs {
			out[i] = types.String(v)
		}
		return listVal(out)
	}}
}

func listSlot(name, doc string, of *shape, get func(any) ref.Val) *slot {
	return &slot{name: name, doc: doc, typ: cel.ListType(of.typ), object: of, get: get}
}

func listVal(vs []ref.Val) ref.Val { return types.NewRefValList(types.DefaultTypeAdapter, vs) }

// things makes one thing of each item.
func things[T any](s *shape, items []T, id func(T) string) ref.Val {
	all := make([]thing, len(items))
	out := make([]ref.Val, len(items))
	for i, it := range items {
		all[i] = thing{shape: s, of: it, id: id(it)}
		out[i] = &all[i]
	}
	return listVal(out)
}

// reached lists every shape that can be read from s, s itself first.
func (s *shape) reached() []*shape {
	out := []*shape{s}
	for i := 0; i < len(out); i++ {
		for _, n := range out[i].names {
			if o := out[i].slots[n].object; o != nil && !slices.Contains(out, o) {
				out = append(out, o)
			}
		}
	}
	return out
}
