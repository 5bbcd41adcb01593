package main

import (
	"context"
	"errors"
	"html"
	"html/template"
	"io"
	"net/url"
	"os"
	slashes "path"
	"path/filepath"
	"regexp"
	"strings"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/durable"
	"jurat/internal/login"
	"jurat/orders"
)

type galleryVerb struct {
	To string `arg:"" name:"folder" help:"Where the pages go; absent or empty."`
}

func (galleryVerb) Help() string {
	return "Example:\n  jurat gallery pages\n\nWrites the pages of the counter as files, to be looked at without a server: what each person of the demonstration comes to by following links from the first page, what its forms answer when they are handed in empty, and the same on a record where nothing happened yet, in every language. Begin at index.html. The records are made for it and thrown away; who appears in them are roles."
}

// Run makes the demonstration's records, and one on which nothing happened,
// walks through their counters as their people, and writes down what it sees.
func (v *galleryVerb) Run(ctx context.Context, c *call) error {
	if err := emptyFolder(v.To); err != nil {
		return err
	}
	records, err := os.MkdirTemp("", "jurat-gallery-")
	if err != nil {
		return jurat.Because(jurat.Unavailable, err, "make a folder for the records")
	}
	defer os.RemoveAll(records)
	quiet := *c
	quiet.stdout = io.Discard
	p := &play{call: &quiet, ctx: ctx, dir: records, keys: map[jurat.PersonID]login.Key{}}
	bare, err := (*house)(nil), p.run()
	if err == nil {
		bare, err = nothingHappened(ctx, filepath.Join(records, "new"), c)
	}
	g := &gallery{to: v.To, assets: map[string]bool{}}
	if err == nil {
		err = g.hang(ctx, c, p, bare)
	}
	if bare != nil {
		err = errors.Join(err, bare.close())
	}
	if err = errors.Join(err, p.close()); err != nil {
		return err
	}
	return c.either(map[string]any{"folder": v.To, "pages": g.pages}, "%d pages; begin at %s", g.pages, filepath.Join(v.To, "index.html"))
}

// nothingHappened is a record with people of every role, an order, and nothing
// else.
func nothingHappened(ctx context.Context, dir string, c *call) (*house, error) {
	h, err := makeHouse(ctx, dir, &initVerb{Name: "New police", Office: "police"}, c.now())
	if err != nil {
		return nil, err
	}
	text, err := orders.Read(orders.Chicago)
	if err == nil {
		_, _, err = h.desk.AdoptOrder(ctx, desk.Caller{}, c.now(), orders.Chicago, text)
	}
	for _, role := range []jurat.Role{jurat.RoleOfficer, jurat.RoleSupervisor, jurat.RoleDetective, jurat.RoleEvidence, jurat.RoleRecords, jurat.RoleCounsel, jurat.RoleAuditor, jurat.RoleConduct, jurat.RoleAdmin} {
		if err != nil {
			break
		}
		id := jurat.PersonID(role + "-1")
		_, err = h.desk.AddPerson(ctx, desk.Caller{}, c.now(), jurat.Person{ID: id, Label: labelOf(string(id)), Office: "new-police", Role: role, Sworn: role == jurat.RoleOfficer || role == jurat.RoleSupervisor})
	}
	if err != nil {
		return nil, errors.Join(err, h.close())
	}
	return h, nil
}

// A gallery is pages on their way into a folder.
type gallery struct {
	to     string
	pages  int
	rooms  []room
	assets map[string]bool // those that are there
}

// A room is what one person sees, in one language.
type room struct {
	Name, Lang string
	Hung       []hungPage
}

// A hungPage is one page of it.
type hungPage struct{ Title, File string }

// hang walks through the counters.
func (g *gallery) hang(ctx context.Context, c *call, p *play, bare *house) error {
	admin := desk.Caller{Person: "administrator-2"}
	for _, role := range []jurat.Role{jurat.RoleRecords, jurat.RoleCounsel, jurat.RoleAuditor, jurat.RoleConduct} {
		id := jurat.PersonID(role + "-3")
		if _, err := p.city.desk.AddPerson(ctx, admin, c.now(), jurat.Person{ID: id, Label: labelOf(string(id)), Office: "city-police", Role: role}); err != nil {
			return err
		}
	}
	for _, where := range []struct {
		house *house
		name  string
		most  int // pages of a kind
		who   []jurat.PersonID
	}{
		{p.city, "city", 2, []jurat.PersonID{"", "officer-4471", "supervisor-1102", "detective-2208", "evidence-7", "records-3", "counsel-3", "auditor-3", "conduct-3", "administrator-2", "aide-1"}},
		{p.county, "county", 2, []jurat.PersonID{"prosecutor-12", "administrator-1"}},
		{bare, "new", 1, []jurat.PersonID{"officer-1", "supervisor-1", "detective-1", "evidence-1", "records-1", "counsel-1", "auditor-1", "conduct-1", "administrator-1"}},
	} {
		for _, who := range where.who {
			if err := g.room(ctx, c, where.house, where.name, where.most, who); err != nil {
				return err
			}
		}
	}
	return g.index()
}

// galleryLanguages are those of the counter.
var galleryLanguages = []string{"en", "es"}

// room walks as one person: first along every link, then into every form.
func (g *gallery) room(ctx context.Context, c *call, h *house, name string, most int, who jurat.PersonID) error {
	guest, err := newGuest(ctx, c, h, who)
	if err != nil {
		return err
	}
	if who == "" {
		name += "-stranger"
	} else {
		name += "-" + string(who)
	}
	walk := guest.walk(ctx, most)
	if who == "" { // where no link leads
		for _, address := range []string{"/nowhere", "/setup", "/login?recovery"} {
			walk = append(walk, step{address: address, english: guest.ask(ctx, "en", step{address: address})})
		}
	}
	forms := guest.forms(ctx, walk)
	for _, lang := range galleryLanguages {
		r := room{Name: name, Lang: lang}
		files := map[string]string{}
		for _, s := range walk {
			files[s.address] = fileOf(s)
		}
		for _, s := range append(walk[:len(walk):len(walk)], forms...) {
			seen := s.english
			if lang != "en" {
				seen = guest.ask(ctx, lang, s)
			}
			title := titleOf(seen.body)
			if seen.fault() {
				return jurat.Errorf(jurat.Unavailable, "the counter answers %d for %s %s to %s", seen.status, s.method(), s.address, name)
			}
			if err := g.keep(ctx, guest, filepath.Join(lang, name, fileOf(s)), seen.body, files); err != nil {
				return err
			}
			r.Hung = append(r.Hung, hungPage{title, slashes.Join(lang, name, fileOf(s))})
		}
		g.rooms = append(g.rooms, r)
	}
	return nil
}

var (
	addresses = regexp.MustCompile(`(href|src|action)="(/[^"]*)"`)
	titles    = regexp.MustCompile(`(?s)<title>(.*?)</title>`)
	fetched   = regexp.MustCompile(`url\(["']?([^"')]+)["']?\)`)
	unnamed   = regexp.MustCompile(`[^a-zA-Z0-9]+`)
)

func titleOf(page string) string {
	if m := titles.FindStringSubmatch(page); m != nil {
		return html.UnescapeString(strings.TrimSpace(m[1]))
	}
	return ""
}

// fileOf is the name of a page's file.
func fileOf(s step) string {
	name := strings.Trim(unnamed.ReplaceAllString(s.address, "-"), "-")
	if name == "" {
		name = "first"
	}
	if s.form != nil {
		name += strings.TrimSuffix("--empty-"+unnamed.ReplaceAllString(s.form.Get("act"), "-"), "-")
	}
	return name + ".html"
}

// keep writes a page, with its links to those that are there too, and brings
// what it needs.
func (g *gallery) keep(ctx context.Context, from *guest, name, page string, files map[string]string) error {
	var bad error
	page = addresses.ReplaceAllStringFunc(page, func(text string) string {
		m := addresses.FindStringSubmatch(text)
		address, place, found := strings.Cut(html.UnescapeString(m[2]), "#")
		if strings.HasPrefix(address, "/static/") {
			bad = errors.Join(bad, g.bring(ctx, from, address))
			return m[1] + `="../..` + html.EscapeString(address) + `"`
		}
		file, there := files[address]
		if m[1] != "href" || !there {
			return text
		}
		if found {
			file += "#" + place
		}
		return m[1] + `="` + html.EscapeString(file) + `"`
	})
	if bad != nil {
		return bad
	}
	g.pages++
	return g.write(name, page)
}

// bring writes an asset, and what it needs in turn.
func (g *gallery) bring(ctx context.Context, from *guest, address string) error {
	if g.assets[address] {
		return nil
	}
	g.assets[address] = true
	got := from.ask(ctx, "en", step{address: address})
	if got.status != 200 {
		return jurat.Errorf(jurat.Unavailable, "the counter answers %d for %s", got.status, address)
	}
	if slashes.Ext(address) == ".css" {
		for _, m := range fetched.FindAllStringSubmatch(got.body, -1) {
			to, err := url.Parse(m[1])
			if err != nil || to.Scheme != "" {
				continue
			}
			// A style sheet may name what is not shipped: old browsers' fonts.
			next := slashes.Join(slashes.Dir(address), to.Path)
			if from.ask(ctx, "en", step{address: next}).status == 200 {
				if err := g.bring(ctx, from, next); err != nil {
					return err
				}
			}
		}
	}
	return g.write(filepath.FromSlash(strings.TrimPrefix(address, "/")), got.body)
}

func (g *gallery) write(name, text string) error {
	to := filepath.Join(g.to, name)
	if err := durable.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(to, []byte(text), 0o644); err != nil { //nolint:gosec // pages of a demonstration, for anybody to look at
		return jurat.Because(jurat.Unavailable, err, "write %s", to)
	}
	return nil
}

// index is the page that leads to the others.
func (g *gallery) index() error {
	var b strings.Builder
	if err := galleryIndex.Execute(&b, g.rooms); err != nil {
		return err
	}
	return g.write("index.html", b.String())
}

var galleryIndex = template.Must(template.New("index").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Pages of the counter</title></head>
<body><h1>Pages of the counter</h1>
<p>Made by jurat gallery from the records of the demonstration. Who appears in them are roles.</p>
{{range .}}<h2>{{.Name}} ({{.Lang}})</h2>
<ul>{{range .Hung}}<li><a href="{{.File}}">{{.Title}}</a></li>
{{end}}</ul>
{{end}}</body></html>
`))
