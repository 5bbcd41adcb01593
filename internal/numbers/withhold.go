package numbers

import (
	"container/heap"
	"slices"
)

// A grid is one two-way table while it is counted: months down, the codes of
// one dimension across. n are the things counted; few tells from how many
// incidents they come, because five allegations of one incident are one
// incident's.
type grid struct {
	codes []string
	n     [][]int // [month][code]
	few   [][]int // the incidents behind n
	all   []int   // by code, over the period
	fewOf []int   // the incidents behind all
	total []int   // by month, of things counted: shared by every grid of a series
	many  bool    // one thing may stand under several codes: a row adds up to more than its total
	must  [][]bool
	mustT []bool // withheld in the publication before this one, so withheld again
}

// A veil says which numbers of a grid are withheld.
type veil struct {
	cells [][]bool // [month][code]
	all   []bool   // by code
	whole bool     // nothing of the table is printed
}

// group chooses the months whose totals are withheld: those that rest on few
// incidents, and as many of the smallest others as it takes until their sum
// tells none of them. It reports false when even the period's total tells one,
// so that nothing of the line may be printed.
//
// The sum is known to everybody, and that each is at least one. So two numbers
// or more are withheld, their incidents are at least below, and their sum is
// more than their count: then one of them may be one more, and another one
// less, and nobody can tell.
func group(n, few []int, must []bool, below int) (hidden []bool, ok bool) {
	hidden = make([]bool, len(n))
	count, sum, incidents := 0, 0, 0
	hide := func(i int) {
		hidden[i] = true
		count++
		sum += n[i]
		incidents += few[i]
	}
	for i := range n {
		if small(few[i], below) || must != nil && must[i] && n[i] > 0 {
			hide(i)
		}
	}
	for count > 0 && (count < 2 || incidents < below || sum < count+1) {
		next := -1
		for i := range n {
			if !hidden[i] && n[i] > 0 && (next < 0 || n[i] < n[next]) {
				next = i
			}
		}
		if next < 0 {
			return hidden, false
		}
		hide(next)
	}
	return hidden, true
}

// small reports whether a number rests on few incidents.
func small(incidents, below int) bool { return incidents > 0 && incidents < below }

// withhold chooses the numbers of a grid that are not printed, given the months
// whose totals are not. Those months are withheld as whole rows; in the others,
// each number that rests on few incidents gets partners, so that it lies on a
// closed path of withheld numbers along which one may be added and taken away
// in turn without changing any number that is printed (docs/publication.md).
func (g *grid) withhold(hidden []bool, below int) veil {
	v := veil{cells: make([][]bool, len(g.n)), all: slices.Clone(g.mustT)}
	if v.all == nil {
		v.all = make([]bool, len(g.codes))
	}
	for m := range g.n {
		v.cells[m] = make([]bool, len(g.codes))
		if g.must != nil {
			copy(v.cells[m], g.must[m])
		}
	}
	w := newWeb(g, hidden, v, below)
	for _, p := range w.exposed() {
		if !w.protect(p) {
			return veil{whole: true}
		}
	}
	for r, m := range w.months {
		switch {
		case m >= 0:
			copy(v.cells[m], w.hidden[r])
		case r == w.totals:
			copy(v.all, w.hidden[r])
		}
	}
	for m := range g.n {
		for c := range g.codes {
			if hidden[m] {
				// Where the sum is known to be none, so is each of its numbers.
				v.cells[m][c] = w.n[w.sum][c] > 0 || w.hidden[w.sum][c]
			}
		}
	}
	return v
}

// A web is the grid as a graph: its rows and its columns are knots, and each
// number is a thread between its row and its column. What a reader knows is
// what every row and every column adds up to. Row number totals is the line of
// totals; a line of the months withheld as a whole, if there is one, stands for
// their sum, which nobody prints and anybody may find.
type web struct {
	g      *grid
	below  int
	months []int // of each row: the month, or -1
	totals int   // the row of totals
	sum    int   // the row of the months withheld as a whole, or -1
	n      [][]int
	few    [][]int
	most   []int // of each row: what a number in it can be at most
	hidden [][]bool
	none   []bool // of each row: a zero in it is withheld
}

func newWeb(g *grid, hidden []bool, v veil, below int) *web {
	w := &web{g: g, below: below, sum: -1}
	add := func(month int, n, few []int, most int, hidden []bool) {
		w.months, w.n, w.few, w.most, w.hidden = append(w.months, month), append(w.n, n), append(w.few, few), append(w.most, most), append(w.hidden, hidden)
	}
	n, few, most, some := make([]int, len(g.codes)), make([]int, len(g.codes)), 0, false
	grand := 0
	for m := range g.n {
		grand += g.total[m]
		if !hidden[m] {
			add(m, g.n[m], g.few[m], g.total[m], v.cells[m])
			continue
		}
		some = true
		most += g.total[m]
		for c := range g.codes {
			n[c] += g.n[m][c]
			few[c] += g.few[m][c]
		}
	}
	if some {
		w.sum = len(w.months)
		add(-1, n, few, most, make([]bool, len(g.codes)))
	}
	w.totals = len(w.months)
	add(-1, g.all, g.fewOf, grand, v.all)
	w.none = make([]bool, len(w.n))
	return w
}

// exposed lists the numbers that rest on few incidents, or were withheld
// before, row by row.
func (w *web) exposed() []step {
	var out []step
	for r := range w.n {
		for c := range w.n[r] {
			if small(w.few[r][c], w.below) || w.hidden[r][c] {
				w.hidden[r][c] = true
				out = append(out, step{r, c})
				w.none[r] = w.none[r] || w.n[r][c] == 0
			}
		}
	}
	return out
}

// protect finds the cheapest closed path through p and withholds what lies on
// it. Where there is none among numbers that stay at least one (a row of ones),
// it withholds a zero beside p: from then on a withheld number of that row may
// be none.
func (w *web) protect(p step) bool {
	if w.close(p, false) {
		return true
	}
	zero := -1
	for c, n := range w.n[p.row] {
		if n > 0 || w.hidden[p.row][c] {
			continue
		}
		if t := w.n[w.totals][c]; zero < 0 || t > 0 && (w.n[w.totals][zero] == 0 || t < w.n[w.totals][zero]) {
			zero = c
		}
	}
	if zero < 0 {
		return false
	}
	w.hidden[p.row][zero], w.none[p.row] = true, true
	return w.close(step{p.row, zero}, true) && w.close(p, true)
}

// close withholds the cheapest closed path through p.
func (w *web) close(p step, zeros bool) bool {
	var best []step
	cheapest := 0
	for _, up := range []bool{true, false} {
		if path, cost := w.path(p, up, zeros); path != nil && (best == nil || cost < cheapest) {
			best, cheapest = path, cost
		}
	}
	for _, s := range best {
		w.hidden[s.row][s.col] = true
		if w.n[s.row][s.col] == 0 {
			w.none[s.row] = true
		}
	}
	return best != nil
}

// A step is one number on a path.
type step struct{ row, col int }

// may reports whether a number may be one more or one less and still be
// possible. In the line of totals it goes the other way: a total takes from the
// column what its numbers give.
func (w *web) may(r, c int, up, zeros bool) bool {
	if r == w.totals {
		up = !up
	}
	n := w.n[r][c]
	switch {
	case up && n == 0:
		return zeros || w.hidden[r][c]
	case up:
		return n < w.most[r]
	case w.none[r]:
		return n >= 1
	}
	return n >= 2
}

// cost is what is lost by withholding a number. What is withheld already, and
// the sum nobody prints, cost nothing.
func (w *web) cost(r, c int) int {
	switch {
	case w.hidden[r][c] || r == w.sum:
		return 0
	case w.n[r][c] == 0:
		return 1_000_000
	}
	return w.n[r][c] + 1
}

// path finds the cheapest closed path through p: up says which way p goes.
// Along it a row is left by a number that goes as p does, and entered by one
// that goes the other way.
func (w *web) path(p step, up, zeros bool) ([]step, int) {
	if !w.may(p.row, p.col, up, zeros) {
		return nil, 0
	}
	rows, cols := len(w.n), len(w.g.codes)
	const far = int(^uint(0) >> 1)
	dist, from := make([]int, rows+cols), make([]int, rows+cols)
	for i := range dist {
		dist[i], from[i] = far, -1
	}
	start, goal := rows+p.col, p.row
	dist[start] = 0
	q := &queue{{start, 0}}
	for q.Len() > 0 {
		at := heap.Pop(q).(knot)
		if at.cost > dist[at.id] {
			continue
		}
		if at.id == goal {
			break
		}
		relax := func(to, r, c int, up bool) {
			if r == p.row && c == p.col || !w.may(r, c, up, zeros) {
				return
			}
			if d := at.cost + w.cost(r, c); d < dist[to] {
				dist[to], from[to] = d, at.id
				heap.Push(q, knot{to, d})
			}
		}
		if at.id >= rows {
			for r := range rows {
				relax(r, r, at.id-rows, !up)
			}
			continue
		}
		for c := range cols {
			relax(rows+c, at.id, c, up)
		}
	}
	if dist[goal] == far {
		return nil, 0
	}
	path := []step{p}
	for at := goal; from[at] >= 0; at = from[at] {
		r, c := min(at, from[at]), max(at, from[at])-rows
		path = append(path, step{r, c})
	}
	return path, dist[goal]
}

// A knot is a row or a column waiting to be looked at.
type knot struct{ id, cost int }

type queue []knot

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return q[i].cost < q[j].cost || q[i].cost == q[j].cost && q[i].id < q[j].id
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(knot)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}
