package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	mrand "math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"jurat"
	"jurat/internal/desk"
)

// searching is row 5: the same questions at a small and at a large record, and
// the engine's own full-text search over the same words. Each measurement is a
// process of its own that opens the record from disk and asks a tenth of its
// questions before it counts.
func searching(ctx context.Context, s setup) error {
	head("5", fmt.Sprintf("search and list at 10000 and %d incidents, as a detective, %d of the newest sealed by a court; %d questions a round", s.searched, sealedOnes, questions))
	sizes := []int{10_000, s.searched}
	whats := []string{"search", "list", "engine"}
	type key struct {
		n    int
		what string
	}
	p50, p99, used := map[key]series{}, map[key]series{}, map[key]series{}
	var last string
	for range s.rounds {
		for _, n := range sizes {
			dir, err := s.searchable(ctx, n)
			if err != nil {
				return err
			}
			for _, what := range whats {
				out, _, err := s.measure(ctx, dir, what)
				if err != nil {
					return err
				}
				k := key{n, what}
				p50[k], p99[k], used[k] = append(p50[k], out.Wall.P50*1000), append(p99[k], out.Wall.P99*1000), append(used[k], out.Used.P99*1000)
				if what == "search" {
					last = out.Said
				}
			}
		}
	}
	names := map[string]string{"search": "jurat, search", "list": "jurat, list", "engine": "SQLite FTS5, the same words, row numbers only"}
	for _, what := range whats {
		for _, n := range sizes {
			k := key{n, what}
			target := ", target at most 50"
			if what == "engine" {
				target = ""
			}
			line(fmt.Sprintf("%s, among %d", names[what], n), "p50 %.2f ms; p99 %.2f ms (%.2f-%.2f)%s; p99 of processor time %.2f ms",
				p50[k].median(), p99[k].median(), slices.Min(p99[k]), slices.Max(p99[k]), target, used[k].median())
		}
	}
	for _, what := range whats[:2] {
		large, small := key{s.searched, what}, key{10_000, what}
		against(fmt.Sprintf("%s p99, %d / 10000", what, s.searched), ratios(p99[large], p99[small]), "at most 3")
		against(fmt.Sprintf("%s p99 of processor time, %d / 10000", what, s.searched), ratios(used[large], used[small]), "at most 3")
	}
	against(fmt.Sprintf("jurat / FTS5, p99 of processor time among %d", s.searched), ratios(used[key{s.searched, "search"}], used[key{s.searched, "engine"}]), "none")
	line("the questions among the larger, last round", "%s", last)
	return nil
}

// questions is how many are asked a round.
const questions = 2000

// A find is a question and its kind in the mix.
type find struct{ kind, words string }

// mix is the questions of a round among n incidents, the same each time: of
// twenty, six are the number of a call, five a common word and one of the
// street, three a rare word, three the beginning of a word, two three words that
// stand together, and one a word most incidents have.
func mix(n int) []find {
	dice := mrand.New(mrand.NewPCG(7, 7))
	all := make([]find, questions)
	for i := range all {
		about := dice.IntN(n)
		place := placeWords(about)
		switch k := i % 20; {
		case k < 6:
			all[i] = find{"number", callNumber(about)}
		case k < 11:
			all[i] = find{"common and street", "vehicle " + place[dice.IntN(len(place))]}
		case k < 14:
			all[i] = find{"rare", wordOf(vocabulary/2 + dice.Uint64N(vocabulary/2))}
		case k < 17:
			all[i] = find{"beginning", place[dice.IntN(len(place))][:5]}
		case k < 19:
			all[i] = find{"three", strings.Join(place[2:5], " ")}
		default:
			all[i] = find{"common", []string{"vehicle", "personnel", "street", "school"}[dice.IntN(4)]}
		}
	}
	return all
}

var detective = desk.Caller{Person: "detective-1"}

// pageOf is how many lines a page of a list has, and one that says whether there
// are more.
const pageOf = 51

// findEach asks every question of the mix and says how long each took.
func findEach(all []find, ask func(words string) (int, error)) (measured, error) {
	found := 0
	took, err := each(len(all), func(i int) error {
		n, err := ask(all[i].words)
		found += n
		return err
	})
	if err != nil {
		return measured{}, err
	}
	byKind := map[string]series{}
	for i, t := range took.wall {
		byKind[all[i].kind] = append(byKind[all[i].kind], t*1000)
	}
	var kinds []string
	for kind, s := range byKind {
		kinds = append(kinds, fmt.Sprintf("%s %.2f/%.2f", kind, s.median(), slices.Max(s)))
	}
	slices.Sort(kinds)
	return measured{Wall: took.wall.percentiles(), Used: took.used.percentiles(), Said: fmt.Sprintf("%d lines found; p50/worst in ms: %s", found, strings.Join(kinds, ", "))}, nil
}

// A taking is how long each of many things took: by the clock, and of the
// processor, on a machine others work on.
type taking struct{ wall, used series }

// each does something so often, on one thread, and says how long each time took;
// a tenth of it is done before, unmeasured.
func each(n int, do func(i int) error) (taking, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for i := range n / 10 {
		if err := do(i); err != nil {
			return taking{}, err
		}
	}
	took := taking{make(series, n), make(series, n)}
	for i := range n {
		var before, after unix.Timespec
		if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &before); err != nil {
			return took, err
		}
		t, err := timed(func() error { return do(i) })
		if err != nil {
			return took, err
		}
		if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &after); err != nil {
			return took, err
		}
		took.wall[i], took.used[i] = t, time.Duration(after.Nano()-before.Nano()).Seconds()
	}
	return took, nil
}

// A quantiles is how long something took: at the middle, for 99 in a hundred,
// at the worst.
type quantiles struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

func (s series) percentiles() *quantiles {
	sorted := slices.Sorted(slices.Values(s))
	return &quantiles{sorted[len(sorted)/2], sorted[len(sorted)*99/100], sorted[len(sorted)-1]}
}

// incidentsIn is how many incidents a record has.
func incidentsIn(ctx context.Context, d *desk.Desk) (int, error) {
	lines, err := d.List(ctx, desk.Caller{}, yearEnded, "", 1)
	if err != nil || len(lines) == 0 {
		return 0, errors.Join(err, errors.New("the record is empty"))
	}
	var year, n int
	_, err = fmt.Sscanf(string(lines[0].Incident), "%d-%d", &year, &n)
	return n, err
}

func searchAll(ctx context.Context, d *desk.Desk, _ string) (measured, error) {
	n, err := incidentsIn(ctx, d)
	if err != nil {
		return measured{}, err
	}
	return findEach(mix(n), func(words string) (int, error) {
		lines, err := d.Search(ctx, detective, yearEnded, desk.Sought{Words: words}, "", pageOf)
		return len(lines), err
	})
}

// listAll asks for the first page and for pages anywhere, by turns.
func listAll(ctx context.Context, d *desk.Desk, _ string) (measured, error) {
	n, err := incidentsIn(ctx, d)
	if err != nil {
		return measured{}, err
	}
	dice := mrand.New(mrand.NewPCG(9, 9))
	took, err := each(questions, func(i int) error {
		after := jurat.IncidentNumber("")
		if i%2 == 1 {
			after = jurat.NewIncidentNumber(began.Year(), pageOf+1+dice.IntN(n-pageOf-1))
		}
		lines, err := d.List(ctx, detective, yearEnded, after, pageOf)
		if err == nil && len(lines) != pageOf {
			err = fmt.Errorf("a page of %d lines after %q", len(lines), after)
		}
		return err
	})
	if err != nil {
		return measured{}, err
	}
	return measured{Wall: took.wall.percentiles(), Used: took.used.percentiles()}, nil
}

// searchEngine asks the engine alone, without policy, titles or journal.
func searchEngine(ctx context.Context, d *desk.Desk, dir string) (measured, error) {
	n, err := incidentsIn(ctx, d)
	if err != nil {
		return measured{}, err
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "register.sqlite")+"?_pragma=query_only(1)&_pragma=cache_size(-32768)")
	if err != nil {
		return measured{}, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	ask, err := db.PrepareContext(ctx, "select rowid from search_index where search_index match $1 order by rowid desc limit $2")
	if err != nil {
		return measured{}, err
	}
	defer ask.Close()
	return findEach(mix(n), func(words string) (int, error) {
		rows, err := ask.QueryContext(ctx, matchOf(words), pageOf)
		if err != nil {
			return 0, err
		}
		defer rows.Close()
		found := 0
		for rows.Next() {
			var id int64
			if err := rows.Scan(&id); err != nil {
				return found, err
			}
			found++
		}
		return found, rows.Err()
	})
}

// matchOf is a question in the engine's own words: every word, the last as a
// beginning.
func matchOf(words string) string {
	all := strings.FieldsFunc(words, func(c rune) bool { return c == ' ' || c == '-' })
	return `"` + strings.Join(all, `" AND "`) + `" *`
}
