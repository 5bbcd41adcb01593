package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// openAPI hands out the description of what programs may ask. It says nothing
// of the record, and a stranger may read it.
func (c *Counter) openAPI(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/openapi+json")
	w.Write(c.api.document) //nolint:errcheck // the reader went away
}

// A referenceGroup is the operations of one kind.
type referenceGroup struct {
	Tag        string
	Operations []referenceLine
}

// A referenceLine is one operation as the page shows it.
type referenceLine struct {
	ID, Method, Path, Summary string
	Parameters                []referenceField
	Fields                    []referenceField // of what is sent
	Gives                     string           // the name of what is answered
}

// A referenceField is a parameter, or a field of what is sent.
type referenceField struct {
	Name, Type, Says string
	Needed           bool
}

// A referenceBody is the page.
type referenceBody struct {
	Groups []referenceGroup
	Shapes []referenceShape
}

// A referenceShape is what an operation sends or gives, by its name.
type referenceShape struct {
	Name   string
	Fields []referenceField
}

// reference shows the description of what programs may ask, as a page.
func (c *Counter) reference(w http.ResponseWriter, v *visit) error {
	c.show(w, v, http.StatusOK, "api", c.api.reference())
	return nil
}

// reference reads the page out of the document, so that the two say the same.
func (a *api) reference() referenceBody {
	doc := a.huma.OpenAPI()
	var body referenceBody
	for path, item := range doc.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post} {
			if op == nil {
				continue
			}
			line := referenceLine{ID: op.OperationID, Method: op.Method, Path: path, Summary: op.Summary}
			for _, p := range op.Parameters {
				line.Parameters = append(line.Parameters, referenceField{p.Name, typeOf(p.Schema), p.Description, p.Required})
			}
			if op.RequestBody != nil {
				line.Fields = a.fieldsOf(op.RequestBody.Content["application/json"].Schema)
			}
			if good := op.Responses["200"]; good != nil {
				if media := good.Content["application/json"]; media != nil {
					line.Gives = typeOf(media.Schema)
				}
			}
			i := slices.IndexFunc(body.Groups, func(g referenceGroup) bool { return g.Tag == op.Tags[0] })
			if i < 0 {
				i = len(body.Groups)
				body.Groups = append(body.Groups, referenceGroup{Tag: op.Tags[0]})
			}
			body.Groups[i].Operations = append(body.Groups[i].Operations, line)
		}
	}
	slices.SortFunc(body.Groups, func(a, b referenceGroup) int { return strings.Compare(a.Tag, b.Tag) })
	for _, g := range body.Groups {
		slices.SortFunc(g.Operations, func(a, b referenceLine) int {
			return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Method, b.Method))
		})
	}
	for name, schema := range doc.Components.Schemas.Map() {
		body.Shapes = append(body.Shapes, referenceShape{name, a.fieldsOf(schema)})
	}
	slices.SortFunc(body.Shapes, func(a, b referenceShape) int { return strings.Compare(a.Name, b.Name) })
	return body
}

// fieldsOf are the fields of a schema, by name.
func (a *api) fieldsOf(s *huma.Schema) []referenceField {
	if s.Ref != "" {
		s = a.huma.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref)
	}
	var all []referenceField
	for name, field := range s.Properties {
		all = append(all, referenceField{name, typeOf(field), field.Description, slices.Contains(s.Required, name)})
	}
	slices.SortFunc(all, func(a, b referenceField) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// typeOf is a schema in a word: its type, or the name of its shape.
func typeOf(s *huma.Schema) string {
	switch {
	case s == nil:
		return "any"
	case s.Ref != "":
		return s.Ref[strings.LastIndexByte(s.Ref, '/')+1:]
	case s.Items != nil:
		return typeOf(s.Items) + "[]"
	case s.Format != "":
		return s.Format
	case s.Type != "":
		return s.Type
	}
	return "any"
}
