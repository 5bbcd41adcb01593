package web

import (
	"embed"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"jurat"
)

//go:embed language/*.toml
var languageFiles embed.FS

// languages are those the counter speaks, the first where nothing else is asked.
var languages = []string{"en", "es"}

// languageCookie holds the reader's choice, and nothing else.
const languageCookie = "language"

// A words is the catalogues: every sentence of the counter, by key.
type words struct {
	tongues map[string]*i18n.Localizer
	spoken  []spoken
	gapped  map[string][]*regexp.Regexp // by language, its sentences with gaps, to know one that was filled
	own     map[string]map[string]bool  // by language, the sentences without gaps
	acts    []jurat.Act                 // those it has words for: every act of the law
	plain   sync.Map                    // [2]string of language and key → sentence without gaps, once it was said
}

// refusals begins the names of the catalogues of what is refused.
const refusals = "refused."

// readWords reads the catalogues, once: they are built in.
var readWords = sync.OnceValues(func() (*words, error) {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	w := &words{own: map[string]map[string]bool{}, tongues: map[string]*i18n.Localizer{}, gapped: map[string][]*regexp.Regexp{}}
	for _, lang := range languages {
		w.own[lang] = map[string]bool{}
		for _, name := range []string{lang, refusals + lang} {
			file, err := bundle.LoadMessageFileFS(languageFiles, "language/"+name+".toml")
			if err != nil {
				return nil, jurat.Because(jurat.Invalid, err, "read the catalogue %s", name)
			}
			for _, m := range file.Messages {
				w.learn(lang, m, name != lang)
			}
		}
	}
	slices.Sort(w.acts)
	// What adds to a sentence is taken off first; then what says more stands before
	// what is like it.
	slices.SortStableFunc(w.spoken, func(a, b spoken) int {
		switch {
		case a.adds == b.adds:
			return b.length - a.length
		case a.adds:
			return -1
		}
		return 1
	})
	for _, lang := range languages {
		w.tongues[lang] = i18n.NewLocalizer(bundle, lang)
	}
	return w, nil
})

// learn notes what is asked of a sentence beside what it says; refusal: it is of
// the catalogue of what is refused.
func (w *words) learn(lang string, m *i18n.Message, refusal bool) {
	w.own[lang][m.Other] = true
	if lang != languages[0] {
		if spokenGap.MatchString(m.Other) && len(spokenGap.ReplaceAllString(m.Other, "")) >= 12 { // less is like anything
			w.gapped[lang] = append(w.gapped[lang], spokenBy(m.ID, m.Other, func(string) string { return `.+?` }).says)
		}
		return
	}
	if refusal {
		w.spoken = append(w.spoken, spokenBy(m.ID, m.Other, spokenFill))
	}
	if act, ok := strings.CutPrefix(m.ID, "list.act."); ok {
		w.acts = append(w.acts, jurat.Act(strings.Replace(act, "_", ".", 1)))
	}
}

// say gives a sentence in a language, with what fills its gaps as pairs of a
// name and a value. A "count" chooses the plural. A key that is in no
// catalogue is an error: a page never shows a key.
func (w *words) say(lang, key string, gaps ...any) (string, error) {
	config := i18n.LocalizeConfig{MessageID: key}
	if len(gaps) == 0 {
		if s, ok := w.plain.Load([2]string{lang, key}); ok {
			return s.(string), nil
		}
		s, err := w.tongues[lang].Localize(&config)
		if err == nil {
			w.plain.Store([2]string{lang, key}, s)
		}
		return s, err
	}
	data := map[string]any{}
	for i := 0; i+1 < len(gaps); i += 2 {
		name, ok := gaps[i].(string)
		if !ok {
			return "", jurat.Errorf(jurat.Invalid, "%s: the name of a gap is text", key)
		}
		data[name] = gaps[i+1]
		if name == "count" {
			config.PluralCount = gaps[i+1]
		}
	}
	config.TemplateData = data
	return w.tongues[lang].Localize(&config)
}

// languageOf is the language a reader chose, or else what their browser asks for.
func languageOf(r *http.Request) string {
	if cookie, err := r.Cookie(languageCookie); err == nil && slices.Contains(languages, cookie.Value) {
		return cookie.Value
	}
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		return languages[0]
	}
	for _, tag := range tags {
		if base, _ := tag.Base(); slices.Contains(languages, base.String()) {
			return base.String()
		}
	}
	return languages[0]
}

// chooseLanguage keeps the reader's choice and goes back where they were.
func (c *Counter) chooseLanguage(w http.ResponseWriter, v *visit) error {
	if chosen := v.PostFormValue("language"); slices.Contains(languages, chosen) {
		http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: chosen, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.Secure})
	}
	return see(w, v, ours(v.PostFormValue("back")))
}
