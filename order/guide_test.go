package order

import (
	"fmt"
	"strings"
	"testing"
)

const guide = "../docs/orders.md"

// TestTheSmallestOrderOfTheGuideWorks prevents a guide that no longer works.
func TestTheSmallestOrderOfTheGuideWorks(t *testing.T) {
	_, rest, ok := strings.Cut(read(t, guide), "## The smallest order\n\n```yaml\n")
	text, _, ended := strings.Cut(rest, "```")
	if !ok || !ended {
		t.Fatal("the guide has no smallest order")
	}
	o, ps := Parse("guide", []byte(text))
	if o == nil {
		t.Fatalf("refused:\n%s", ps)
	}
	if r := o.Test(); r.Failed > 0 || r.Tests == 0 {
		t.Errorf("%+v", r)
	}
	_, rest, _ = strings.Cut(read(t, guide), "## Gates")
	_, rest, _ = strings.Cut(rest, "```yaml\n")
	gates, _, _ := strings.Cut(rest, "```")
	text = replaceOnce(t, text, "gates:\n  - {id: approve, basis: stated, sources: [text]}\n", gates)
	if o, ps := Parse("guide", []byte(text)); o == nil {
		t.Errorf("the gate of the guide is refused:\n%s", ps)
	}
}

// TestTheOtherExamplesOfTheGuideWork adds each to the smallest order.
func TestTheOtherExamplesOfTheGuideWork(t *testing.T) {
	guide := read(t, guide)
	after := func(title string) string {
		_, rest, ok := strings.Cut(guide, title)
		_, rest, _ = strings.Cut(rest, "```yaml\n")
		text, _, ended := strings.Cut(rest, "```")
		if !ok || !ended {
			t.Fatalf("the guide has no example after %q", title)
		}
		return text
	}
	text := after("## The smallest order")
	text = replaceOnce(t, text, "gates:\n", after("### Duties that recur")+"gates:\n")
	text = replaceOnce(t, text, "duties:\n  - id: write-report", `  - id: filing
    scope: house
    label: {en: Filing}
    basis: stated
    sources: [text]
    schema: {type: object, properties: {quarter: {type: string}}}
duties:
  - id: write-report`)
	text = replaceOnce(t, text, "tests:\n", after("## Money")+"tests:\n")
	text = replaceOnce(t, text, "gates:\n", after("## Viewing footage before a report")+"gates:\n")
	if o, ps := Parse("guide", []byte(text)); o == nil {
		t.Errorf("refused:\n%s", ps.Refused())
	}
}

func TestTheGuideNamesEveryFact(t *testing.T) {
	text := read(t, guide)
	for _, n := range FactNames() {
		line := fmt.Sprintf("| `%s` | %s | %s |", n.Name, n.Type, n.Doc)
		if !strings.Contains(text, line) {
			t.Errorf("the guide lacks: %s", line)
		}
	}
}

func TestTheGuideNamesEveryKeyword(t *testing.T) {
	text := read(t, guide)
	for _, list := range [][]string{schemaKeywords, headKeys, footingKeys, incidentFields, SeriesDimensions[:], names(States[:]), dutyKeys, Every[:], feeAskKeys} {
		for _, word := range list {
			if !strings.Contains(text, word) {
				t.Errorf("the guide does not speak of %q", word)
			}
		}
	}
}
