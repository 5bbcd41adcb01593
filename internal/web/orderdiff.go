package web

import (
	"net/http"
	"slices"
	"strings"

	"jurat/internal/desk"
)

// A orderDiff is what two versions of an order have otherwise.
type orderDiff struct {
	Order    string // id
	Title    string
	Was, Now desk.OrderVersion
	Versions []desk.OrderVersion // the newest first
	Groups   []changeGroup
}

// A changeGroup is the changes under one part of an order file.
type changeGroup struct {
	Part    string // duties, gates, status, …
	Changes []orderChange
}

// An orderChange is one entry that changed, word by word.
type orderChange struct {
	desk.OrderChange
	Words []piece
}

// A piece is words of a text that stayed, came or went.
type piece struct {
	Text       string
	Came, Went bool
}

// diffOrder shows what changed from one adopted version of an order to another:
// words that came and went, and which duties and gates are touched.
func (c *Counter) diffOrder(w http.ResponseWriter, v *visit) error {
	if err := c.walled(v); err != nil {
		return err
	}
	versions, err := c.Desk.OrderVersions(v.ctx(), v.PathValue("order"))
	if err != nil {
		return err
	}
	slices.Reverse(versions)
	body := orderDiff{Order: v.PathValue("order"), Title: versions[0].Title, Versions: versions, Now: versions[0], Was: versions[min(1, len(versions)-1)]}
	for name, into := range map[string]*desk.OrderVersion{"was": &body.Was, "now": &body.Now} {
		digest := v.URL.Query().Get(name)
		if digest == "" {
			continue
		}
		i := slices.IndexFunc(versions, func(o desk.OrderVersion) bool { return o.Digest.String() == digest })
		if i < 0 {
			return nothingHere
		}
		*into = versions[i]
	}
	body.Groups = grouped(desk.DiffOrders(body.Was.Order, body.Now.Order))
	c.show(w, v, http.StatusOK, "orderdiff", body)
	return nil
}

// grouped puts changes under the parts of the file they are in.
func grouped(all []desk.OrderChange) []changeGroup {
	var out []changeGroup
	for _, one := range all {
		part, _, _ := strings.Cut(one.Path, ".")
		if len(out) == 0 || out[len(out)-1].Part != part {
			out = append(out, changeGroup{Part: part})
		}
		g := &out[len(out)-1]
		g.Changes = append(g.Changes, orderChange{one, wordsBetween(one.Was, one.Now)})
	}
	return out
}

// mostWords is how many words of a text are compared one by one; longer texts
// are shown whole, before and after.
const mostWords = 600

// wordsBetween is how one text became another, word by word.
func wordsBetween(was, now string) []piece {
	a, b := strings.Fields(was), strings.Fields(now)
	if len(a) > mostWords || len(b) > mostWords {
		return compact([]piece{{Text: was, Went: true}, {Text: now, Came: true}})
	}
	// common[i][j] is the longest run of words a[i:] and b[j:] share in order.
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var out []piece
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, piece{Text: a[i]})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			out = append(out, piece{Text: a[i], Went: true})
			i++
		default:
			out = append(out, piece{Text: b[j], Came: true})
			j++
		}
	}
	return compact(out)
}

// compact joins neighbours of one kind, and leaves out what says nothing.
func compact(all []piece) []piece {
	var out []piece
	for _, p := range all {
		n := len(out)
		switch {
		case p.Text == "":
		case n > 0 && out[n-1].Came == p.Came && out[n-1].Went == p.Went:
			out[n-1].Text += " " + p.Text
		default:
			out = append(out, p)
		}
	}
	return out
}
