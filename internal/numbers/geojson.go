package numbers

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"slices"

	"jurat"
)

// Limits of a map file. A district map of a large city is far below them.
const (
	maxMapBytes    = 16 << 20
	maxMapAreas    = 1_000
	maxMapVertices = 200_000
	maxMapDrawn    = 20_000 // vertices left after simplifying
)

// A Map is the areas of a city as outlines, read by [ReadMap].
type Map struct {
	areas                  []outline
	west, east, low, north int64 // micro-degrees
}

// An outline is one area: its code and its rings, in micro-degrees.
type outline struct {
	code  string
	rings [][][2]int64
}

// Codes lists the codes of the areas, in the order of the file.
func (m *Map) Codes() []string {
	out := make([]string, len(m.areas))
	for i, a := range m.areas {
		out[i] = a.code
	}
	return out
}

type geoCollection struct {
	Type     string            `json:"type"`
	Features []json.RawMessage `json:"features"`
}

type geoFeature struct {
	Type       string                     `json:"type"`
	ID         json.RawMessage            `json:"id"`
	Properties map[string]json.RawMessage `json:"properties"`
	Geometry   *struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	} `json:"geometry"`
}

// ReadMap reads a GeoJSON file (RFC 7946): one FeatureCollection of polygons,
// each with the code of its area in the named property, or in the feature's id
// where property is empty. Anything else is Invalid, with a sentence that says
// what: no points and lines, no coordinates off the earth, no open ring, no
// area twice, nothing beyond the limits.
func ReadMap(r io.Reader, property string) (*Map, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxMapBytes+1))
	switch {
	case err != nil:
		return nil, jurat.Because(jurat.Unavailable, err, "the map cannot be read")
	case len(b) > maxMapBytes:
		return nil, jurat.Errorf(jurat.Invalid, "the map is larger than %d MiB; simplify it first", maxMapBytes>>20)
	}
	var c geoCollection
	if err := one(b, &c); err != nil || c.Type != "FeatureCollection" {
		return nil, jurat.Errorf(jurat.Invalid, "the map is no GeoJSON FeatureCollection")
	}
	if len(c.Features) == 0 || len(c.Features) > maxMapAreas {
		return nil, jurat.Errorf(jurat.Invalid, "the map has %d areas, want 1 to %d", len(c.Features), maxMapAreas)
	}
	m := &Map{}
	left := maxMapVertices
	for i, raw := range c.Features {
		a, err := readOutline(raw, property, &left)
		if err != nil {
			return nil, jurat.Because(jurat.Invalid, err, "area %d of the map", i+1)
		}
		if slices.Contains(m.Codes(), a.code) {
			return nil, jurat.Errorf(jurat.Invalid, "the map has the area %q twice", clip(a.code))
		}
		m.areas = append(m.areas, a)
	}
	if err := m.measure(); err != nil {
		return nil, err
	}
	return m, nil
}

// one decodes exactly one JSON value.
func one(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value")
	}
	return nil
}

func readOutline(raw []byte, property string, left *int) (outline, error) {
	var f geoFeature
	if err := one(raw, &f); err != nil || f.Type != "Feature" || f.Geometry == nil {
		return outline{}, errors.New("is no GeoJSON Feature with a geometry")
	}
	code := f.ID
	if property != "" {
		code = f.Properties[property]
	}
	var a outline
	var text string
	var number json.Number
	switch {
	case json.Unmarshal(code, &text) == nil && text != "" && len(text) <= 60:
		a.code = text
	case len(code) > 0 && code[0] != '"' && json.Unmarshal(code, &number) == nil && number != "" && len(number) <= 60:
		a.code = string(number)
	default:
		return outline{}, errors.New("has no code: name the property that holds it")
	}
	var polygons [][][][]float64
	switch f.Geometry.Type {
	case "Polygon":
		var p [][][]float64
		if err := json.Unmarshal(f.Geometry.Coordinates, &p); err != nil {
			return outline{}, errors.New("has coordinates that are no polygon's")
		}
		polygons = [][][][]float64{p}
	case "MultiPolygon":
		if err := json.Unmarshal(f.Geometry.Coordinates, &polygons); err != nil {
			return outline{}, errors.New("has coordinates that are no polygon's")
		}
	default:
		return outline{}, errors.New("is no polygon: a point or a line may be an exact place, and no map of those is drawn")
	}
	for _, p := range polygons {
		for _, ring := range p {
			r, err := readRing(ring, left)
			if err != nil {
				return outline{}, err
			}
			a.rings = append(a.rings, r)
		}
	}
	if len(a.rings) == 0 {
		return outline{}, errors.New("has no outline")
	}
	return a, nil
}

func readRing(ring [][]float64, left *int) ([][2]int64, error) {
	if len(ring) < 4 {
		return nil, errors.New("has a ring of fewer than four points")
	}
	if *left -= len(ring); *left < 0 {
		return nil, errors.New("takes the map beyond its limit of points; simplify it first")
	}
	out := make([][2]int64, len(ring))
	for i, c := range ring {
		if len(c) < 2 || len(c) > 3 {
			return nil, errors.New("has a point that is not longitude and latitude")
		}
		// The negations also refuse what is no number.
		if !(c[0] >= -180 && c[0] <= 180) || !(c[1] >= -90 && c[1] <= 90) {
			return nil, errors.New("has a point off the earth: want longitude, then latitude, in degrees")
		}
		out[i] = [2]int64{int64(math.Round(c[0] * 1e6)), int64(math.Round(c[1] * 1e6))}
	}
	if out[0] != out[len(out)-1] {
		return nil, errors.New("has a ring that does not close")
	}
	return out, nil
}

// measure finds the box around the areas.
func (m *Map) measure() error {
	first := true
	for _, a := range m.areas {
		for _, r := range a.rings {
			for _, p := range r {
				if first {
					m.west, m.east, m.low, m.north, first = p[0], p[0], p[1], p[1], false
				}
				m.west, m.east, m.low, m.north = min(m.west, p[0]), max(m.east, p[0]), min(m.low, p[1]), max(m.north, p[1])
			}
		}
	}
	if m.east-m.west > 20_000_000 || m.north-m.low > 20_000_000 {
		return jurat.Errorf(jurat.Invalid, "the map is wider than 20 degrees: want the areas of one city")
	}
	if m.east == m.west || m.north == m.low {
		return jurat.Errorf(jurat.Invalid, "the map's areas have no extent")
	}
	return nil
}
