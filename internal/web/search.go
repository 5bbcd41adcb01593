package web

import (
	"net/http"
	"strings"

	"jurat"
	"jurat/internal/desk"
)

// A searchBody is what was looked for, and what was found of it.
type searchBody struct {
	Words string
	Lines []desk.Line
	Next  jurat.IncidentNumber
	Asked bool
}

// Where is the page that shows what was found: its own, or the part of its
// incident that lists such items.
func (searchBody) Where(i jurat.Item) string {
	incident := "/incidents/" + string(i.ID.Incident())
	switch i.Noun {
	case jurat.NounIncident, jurat.NounRecord, jurat.NounExhibit, jurat.NounRedaction, jurat.NounReferral, jurat.NounDossier:
		return itemPath(i.ID)
	case jurat.NounParty:
		return incident + "#persons"
	case jurat.NounAccount:
		return incident + "/accounts#account-" + countOf(i.ID)
	case jurat.NounAllegation:
		return incident + "/elements#allegation-" + countOf(i.ID)
	case jurat.NounFlag:
		return incident + "#exhibits"
	}
	return incident
}

// searchForm asks what to look for.
func (c *Counter) searchForm(w http.ResponseWriter, v *visit) error {
	if err := c.walled(v); err != nil {
		return err
	}
	c.show(w, v, http.StatusOK, "search", searchBody{})
	return nil
}

// search finds incidents by words of their open fields. The words come posted
// and stand in no address; that somebody looked is in the journal (LAW-9).
func (c *Counter) search(w http.ResponseWriter, v *visit) error {
	body := searchBody{Words: strings.TrimSpace(v.PostFormValue("words")), Asked: true}
	after := jurat.IncidentNumber(v.PostFormValue("after"))
	if _, err := jurat.ParseIncidentNumber(string(after)); err != nil {
		after = ""
	}
	if body.Words == "" {
		c.showWrong(w, v, http.StatusUnprocessableEntity, "search", searchBody{}, []wrong{{"words", c.say(v, "search.empty")}})
		return nil
	}
	lines, err := c.Desk.Search(v.ctx(), v.caller(), v.at, body.Words, after, listed+1)
	if err != nil {
		say, ok := mistake(err)
		if !ok {
			return err
		}
		c.showWrong(w, v, http.StatusUnprocessableEntity, "search", body, []wrong{{"words", say}})
		return nil
	}
	if len(lines) > listed {
		lines = lines[:listed]
		body.Next = lines[listed-1].Incident
	}
	body.Lines = lines
	c.show(w, v, http.StatusOK, "search", body)
	return nil
}
