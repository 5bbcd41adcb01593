package numbers

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A world is what a reader wants to know: the numbers of the tables of one
// series, which share the totals of their months.
type world struct {
	total []int
	few   []int
	grids []*grid
}

// draw makes incidents and counts them, as a publication does.
func draw(t *rapid.T, months, mostCodes, mostIncidents int) world {
	w := world{total: make([]int, months), few: make([]int, months)}
	tables := rapid.IntRange(1, 2).Draw(t, "tables")
	for range tables {
		codes := rapid.IntRange(1, mostCodes).Draw(t, "codes")
		g := &grid{codes: make([]string, codes), total: w.total, many: rapid.Bool().Draw(t, "many"), all: make([]int, codes), fewOf: make([]int, codes)}
		for range months {
			g.n, g.few = append(g.n, make([]int, codes)), append(g.few, make([]int, codes))
		}
		w.grids = append(w.grids, g)
	}
	for range rapid.IntRange(0, mostIncidents).Draw(t, "incidents") {
		m := rapid.IntRange(0, months-1).Draw(t, "month")
		w.total[m]++
		w.few[m]++
		for _, g := range w.grids {
			in := []int{rapid.IntRange(0, len(g.codes)-1).Draw(t, "code")}
			if g.many && rapid.IntRange(0, 3).Draw(t, "second") == 0 {
				if c := rapid.IntRange(0, len(g.codes)-1).Draw(t, "code"); c != in[0] {
					in = append(in, c)
				}
			}
			for _, c := range in {
				g.n[m][c]++
				g.few[m][c]++
				g.all[c]++
				g.fewOf[c]++
			}
		}
	}
	return w
}

const threshold = 5

// No reader who knows every number that is printed, that every withheld number
// is at least one (or, in a row where a zero is withheld, at least none), what
// every row adds up to, and how big an incident count can be, knows any
// withheld number.
func TestNoWithheldNumberFollowsFromThoseBesideIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := draw(t, rapid.IntRange(1, 3).Draw(t, "months"), 3, 16)
		hidden, ok := group(w.total, w.few, nil, threshold)
		if !ok {
			return // the whole series is withheld, its total too
		}
		veils := make([]veil, len(w.grids))
		for i, g := range w.grids {
			veils[i] = g.withhold(hidden, threshold)
			smallNumbersAreWithheld(t, g, hidden, veils[i])
		}
		known := attack(w, hidden, veils)
		for what, values := range known {
			if len(values) == 1 {
				t.Fatalf("%s is withheld and can only be %v\ntotals %v hidden %v\n%s", what, values, w.total, hidden, show(w, veils))
			}
		}
	})
}

// The same holds for a second publication of the same months, in which
// everything withheld in the first stays withheld.
func TestNoWithheldNumberFollowsFromASecondPublication(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := draw(t, rapid.IntRange(1, 3).Draw(t, "months"), 3, 14)
		hidden := make([]bool, len(w.total))
		for m := range hidden {
			hidden[m] = rapid.IntRange(0, 3).Draw(t, "was") == 0
		}
		hidden, ok := group(w.total, w.few, hidden, threshold)
		if !ok {
			return
		}
		veils := make([]veil, len(w.grids))
		for i, g := range w.grids {
			g.mustT = make([]bool, len(g.codes))
			for range g.n {
				g.must = append(g.must, make([]bool, len(g.codes)))
			}
			for c := range g.codes {
				g.mustT[c] = rapid.IntRange(0, 4).Draw(t, "was") == 0
				for m := range g.n {
					g.must[m][c] = rapid.IntRange(0, 4).Draw(t, "was") == 0
				}
			}
			veils[i] = g.withhold(hidden, threshold)
			smallNumbersAreWithheld(t, g, hidden, veils[i])
		}
		for what, values := range attack(w, hidden, veils) {
			if len(values) == 1 && values[0] != 0 {
				t.Fatalf("%s is withheld and can only be %v\ntotals %v hidden %v\n%s", what, values, w.total, hidden, show(w, veils))
			}
		}
	})
}

func smallNumbersAreWithheld(t *rapid.T, g *grid, hidden []bool, v veil) {
	if v.whole {
		return
	}
	for m := range g.n {
		for c, n := range g.few[m] {
			if small(n, threshold) && !v.cells[m][c] {
				t.Fatalf("%d in month %d, code %d is printed", n, m, c)
			}
		}
		if small(g.total[m], threshold) && !hidden[m] {
			t.Fatalf("the total %d of month %d is printed", g.total[m], m)
		}
	}
	for c, n := range g.fewOf {
		if small(n, threshold) && !v.all[c] {
			t.Fatalf("the total %d of code %d is printed", n, c)
		}
	}
}

func show(w world, veils []veil) string {
	var out string
	for i, g := range w.grids {
		out += fmt.Sprintf("table %d many %v whole %v\n n %v\n hidden %v\n all %v\n hidden %v\n", i, g.many, veils[i].whole, g.n, veils[i].cells, g.all, veils[i].all)
	}
	return out
}

// attack tries every world that agrees with what is printed and gives the
// values each withheld number takes in them (two are enough).
func attack(w world, hidden []bool, veils []veil) map[string][]int {
	known := map[string][]int{}
	note := func(what string, n int) {
		if v := known[what]; len(v) < 2 && !slices.Contains(v, n) {
			known[what] = append(v, n)
		}
	}
	spare := 0
	totals := slices.Clone(w.total)
	var free []int
	for m, h := range hidden {
		if h {
			free = append(free, m)
			spare += w.total[m]
		}
	}
	var months func(i, left int)
	months = func(i, left int) {
		if i < len(free) {
			for n := 1; n <= left; n++ {
				totals[free[i]] = n
				months(i+1, left-n)
			}
			return
		}
		if left != 0 {
			return
		}
		found := make([][]map[string]int, len(w.grids))
		for k, g := range w.grids {
			if found[k] = worlds(k, g, totals, hidden, veils[k]); len(found[k]) == 0 {
				return // these totals are impossible in one of the tables
			}
		}
		for _, m := range free {
			note(fmt.Sprintf("the total of month %d", m), totals[m])
		}
		for _, list := range found {
			for _, one := range list {
				for what, n := range one {
					note(what, n)
				}
			}
			if len(list) > enough { // not every world was tried: two ends of them were
				for what, n := range list[0] {
					note(what, n)
					note(what, -1) // so that one value is no proof
				}
			}
		}
	}
	months(0, spare)
	return known
}

// enough worlds to know what can be told; a test that stops there has looked at
// the lowest and at the highest numbers.
const enough = 3000

// worlds lists the tables that agree with a grid's printed numbers and with
// totals; where there are more than enough it stops, and gives more than that.
func worlds(k int, g *grid, totals []int, hidden []bool, v veil) []map[string]int {
	if v.whole {
		return []map[string]int{{}}
	}
	type cell struct{ m, c int }
	n := make([][]int, len(g.n))
	var free []cell
	floor := make([]int, len(g.n))
	row := make([]int, len(g.n)) // what a reader may know the row to add up to; -1 not known
	for m := range g.n {
		n[m] = slices.Clone(g.n[m])
		floor[m], row[m] = 1, sum(g.n[m])
		if hidden[m] {
			floor[m], row[m] = 0, -1
			if !g.many {
				row[m] = totals[m]
			}
		}
		for c := range g.n[m] {
			if v.cells[m][c] {
				free = append(free, cell{m, c})
				if g.n[m][c] == 0 {
					floor[m] = 0
				}
			}
		}
	}
	floorAll := 1
	for c := range g.codes {
		if v.all[c] && g.all[c] == 0 {
			floorAll = 0
		}
	}
	var out []map[string]int
	visits, down := 0, false
	var try func(i int)
	try = func(i int) {
		if visits++; len(out) > enough || visits > 400_000 {
			return
		}
		if i == len(free) {
			one := map[string]int{}
			for m := range n {
				if s := sum(n[m]); row[m] >= 0 && s != row[m] || s < totals[m] {
					return
				}
			}
			for c := range g.codes {
				s := 0
				for m := range n {
					s += n[m][c]
				}
				switch {
				case !v.all[c] && s != g.all[c], v.all[c] && s < floorAll:
					return
				case v.all[c]:
					one[fmt.Sprintf("table %d, the total of code %d", k, c)] = s
				}
			}
			for _, f := range free {
				one[fmt.Sprintf("table %d, month %d, code %d", k, f.m, f.c)] = n[f.m][f.c]
			}
			out = append(out, one)
			return
		}
		f := free[i]
		was := n[f.m][f.c]
		for y := floor[f.m]; y <= totals[f.m]; y++ {
			x := y
			if down {
				x = totals[f.m] + floor[f.m] - y
			}
			n[f.m][f.c] = x
			used, ends := 0, i+1 == len(free) || free[i+1].m != f.m
			for c := range g.codes {
				if !slices.Contains(free[i+1:], cell{f.m, c}) {
					used += n[f.m][c]
				}
			}
			if row[f.m] >= 0 && (used > row[f.m] || ends && used != row[f.m]) {
				continue
			}
			try(i + 1)
		}
		n[f.m][f.c] = was
	}
	try(0)
	if len(out) > enough || visits > 400_000 {
		first := out
		visits, down, out = 0, true, nil
		try(0)
		out = append(first, out...)
		for len(out) > 0 && len(out) <= enough {
			out = append(out, out[0])
		}
	}
	return out
}
