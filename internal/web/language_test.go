package web

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"jurat"
	"jurat/internal/desk/desktest"
)

func catalogue(t *testing.T, lang string) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	for _, name := range []string{lang, refusals + lang} {
		text, err := languageFiles.ReadFile("language/" + name + ".toml")
		if err != nil {
			t.Fatal(err)
		}
		had := len(all)
		one := map[string]map[string]string{}
		if err := toml.Unmarshal(text, &one); err != nil {
			t.Fatal(err)
		}
		maps.Copy(all, one)
		if len(all) != had+len(one) {
			t.Fatalf("%s has a key that another catalogue has", name)
		}
	}
	return all
}

var gap = regexp.MustCompile(`\{\{\.\w+\}\}`)

// A key that one catalogue lacks would show English on a Spanish page, or fail
// it; a gap that one lacks would lose what stands in it.
func TestEveryCatalogueHasEveryKeyAndGap(t *testing.T) {
	english := catalogue(t, "en")
	for _, lang := range languages[1:] {
		other := catalogue(t, lang)
		for _, key := range slices.Sorted(maps.Keys(english)) {
			one, ok := other[key]
			if !ok {
				t.Errorf("%s lacks %s", lang, key)
				continue
			}
			for form, text := range english[key] {
				if slices.Compare(sortedGaps(text), sortedGaps(one[form])) != 0 && form == "other" {
					t.Errorf("%s %s (%s): gaps %v, in English %v", lang, key, form, sortedGaps(one[form]), sortedGaps(text))
				}
				if one[form] == "" {
					t.Errorf("%s %s lacks the form %q", lang, key, form)
				}
			}
		}
		for key := range other {
			if _, ok := english[key]; !ok {
				t.Errorf("%s has %s, and English does not", lang, key)
			}
		}
	}
}

func sortedGaps(s string) []string {
	all := gap.FindAllString(s, -1)
	slices.Sort(all)
	return slices.Compact(all)
}

// Every list of the law has a word for every value, so that no page falls back
// to a code.
func TestEveryListOfTheLawHasItsWords(t *testing.T) {
	english := catalogue(t, "en")
	lists := jurat.Lists()
	for _, r := range jurat.Roles {
		lists["role"] = append(lists["role"], string(r))
	}
	for _, f := range jurat.Functions {
		lists["function"] = append(lists["function"], string(f))
	}
	for _, c := range jurat.Classes {
		lists["class"] = append(lists["class"], string(c))
	}
	for list, values := range lists {
		for _, v := range values {
			if _, ok := english["list."+list+"."+strings.ReplaceAll(v, ".", "_")]; !ok {
				t.Errorf("no words for list.%s.%s", list, v)
			}
		}
	}
}

// Every act of the law has words, so that no custody and no audit stops at one
// that was done by another door.
func TestEveryActOfTheLawHasItsWords(t *testing.T) {
	act := regexp.MustCompile(`\bAct\s*=\s*"([a-z]+\.[a-z_]+)"`)
	found := 0
	law, err := filepath.Glob(filepath.Join("..", "..", "*.go"))
	must(t, err)
	english := catalogue(t, "en")
	for _, name := range law {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		must(t, err)
		for _, m := range act.FindAllStringSubmatch(string(text), -1) {
			found++
			if _, ok := english["list.act."+strings.ReplaceAll(m[1], ".", "_")]; !ok {
				t.Errorf("no words for the act %s", m[1])
			}
		}
	}
	if found < 60 {
		t.Errorf("only %d acts were found", found)
	}
}

// A sentence no page says is one nobody would notice going wrong.
func TestNoCatalogueHasAKeyNobodySays(t *testing.T) {
	var code strings.Builder
	for _, root := range []fs.FS{pageFiles, sources(t)} {
		err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(name, "_test.go") || !strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, ".html") {
				return err
			}
			text, err := fs.ReadFile(root, name)
			code.Write(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for key := range catalogue(t, "en") {
		family, _, _ := strings.Cut(key, ".")
		switch family {
		case "list", "weekday", "month", "choice", "field", "menu": // named by their values
			continue
		case "told": // as TestWhatIsToldInAnotherLanguageIsWhatIsSaid asks
			continue
		}
		if !strings.Contains(code.String(), `"`+key+`"`) {
			t.Errorf("nobody says %s", key)
		}
	}
}

// Every field of the orders' records, and every answer it may have, has words in
// every language: its order's, or the catalogue's.
func TestEveryFieldOfTheOrdersHasItsWords(t *testing.T) {
	rec := desktest.City(t)
	all, err := rec.Orders(t.Context())
	must(t, err)
	words, err := readWords()
	must(t, err)
	for _, o := range all {
		for i := range o.Records {
			for k := range o.Records[i].Fields {
				f := &o.Records[i].Fields[k]
				for _, lang := range languages {
					said := func(key string) bool { _, err := words.say(lang, key); return err == nil }
					if f.Label[lang] == "" && !said("field."+f.Name) {
						t.Errorf("%s: no words for the field %s of %s (field.%s)", lang, f.Name, o.Records[i].ID, f.Name)
					}
					if f.List != "" {
						continue // of the law or of a table: held elsewhere
					}
					for _, code := range f.Enum {
						if !said("choice." + code) {
							t.Errorf("%s: no words for the answer %s to %s of %s", lang, code, f.Name, o.Records[i].ID)
						}
					}
				}
			}
		}
	}
}
