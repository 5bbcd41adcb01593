package web

import (
	"slices"
	"strings"

	"jurat"
)

// A menuLine is one line of the navigation.
type menuLine struct {
	Key, Address string
	Here         bool // it is the page that is shown
}

// menuOf is the navigation of a role, the page it begins at first; and, on that
// page, the lists it needs more seldom.
func menuOf(who *standing, path string) (menu, also []menuLine) {
	if who == nil {
		return nil, nil
	}
	work := menus[who.Person.Role]
	if who.Person.Role == jurat.RoleProsecutor && !who.Office.Own {
		work = guest
	}
	if menu = menuLines(work.menu, path); len(menu) > 0 && menu[0].Here {
		also = menuLines(work.also, "")
	}
	return menu, also
}

// offered reports whether a role's pages have a list: it is not led to what it
// would be refused.
func offered(who *standing, key string) bool {
	menu := menus[who.Person.Role]
	if who.Person.Role == jurat.RoleProsecutor && !who.Office.Own {
		menu = guest
	}
	return slices.Contains(strings.Fields(menu.menu+" "+menu.also), key)
}

func menuLines(keys, path string) (lines []menuLine) {
	found := false
	for key := range strings.FieldsSeq(keys) {
		address := addresses[key]
		page, _, _ := strings.Cut(address, "?")
		here := page == path && !found
		found = found || here
		lines = append(lines, menuLine{"menu." + key, address, here})
	}
	return lines
}

// A work is what a role's pages are.
type work struct{ menu, also string }

// menus are the pages of each role, the first where it begins.
var menus = map[jurat.Role]work{
	jurat.RoleOfficer:    {"duties report mine receive orders", ""},
	jurat.RoleSupervisor: {"approvals team incidents footage search orders", "duties report receive referrals redactions retention house"},
	jurat.RoleEvidence:   {"footage receive incidents redactions search", "duties retention orders"},
	jurat.RoleDetective:  {"incidents_mine referrals footage search orders", "incidents_all duties report receive redactions"},
	jurat.RoleCounsel:    {"holds incidents referrals orders", "duties retention redactions search"},
	jurat.RoleRecords:    {"retention holds footage orders", "incidents duties redactions house"},
	jurat.RoleProsecutor: {"inbox incidents trust search", "duties receive referrals holds redactions retention house orders"},
	jurat.RoleAuditor:    {"audit incidents orders numbers", "search referrals retention"},
	jurat.RoleAdmin:      {"people offices keys health journal", "trust audit orders"},
	jurat.RoleConduct:    {"house duties orders", ""},
	jurat.RolePolitical:  {"numbers", ""},
}

// guest is a prosecutor in another office's record, where nothing is listed to
// them: who refers to them sends the address.
var guest = work{"orders numbers", ""}

// addresses are where the lines of the menus lead.
var addresses = map[string]string{
	"holds": "/holds", "numbers": "/numbers", "team": "/duties/team", "house": "/records", "retention": "/retention",
	"duties": "/duties", "report": "/reports/new", "orders": "/orders", "approvals": "/approvals",
	"incidents": "/incidents", "incidents_mine": minePath, "incidents_all": "/incidents", "mine": minePath, "receive": "/receive", "referrals": "/referrals",
	"footage": "/footage", "redactions": "/redactions", "search": "/search", "audit": "/audit", "inbox": inboxPath, "trust": "/trust",
	"people": "/admin", "offices": "/admin#offices", "keys": "/admin/keys", "health": "/admin/health", "journal": "/admin/journal",
}
