package desktest

import "jurat"

// Own is the office a city's record was made for.
const Own jurat.OfficeID = "city-police"

var cityOffices = []jurat.Office{
	{ID: Own, Name: "City police", Function: jurat.FunctionPolice, Own: true},
	{ID: "city-counsel", Name: "City counsel", Function: jurat.FunctionCounsel, Own: true},
	{ID: "inspector-general", Name: "Inspector general", Function: jurat.FunctionOversight},
	{ID: "mayors-office", Name: "Mayor's office", Function: jurat.FunctionPolitical, Own: true},
	{ID: "county-prosecutor", Name: "County prosecutor", Function: jurat.FunctionProsecutor},
	{ID: "other-prosecutor", Name: "Another prosecutor", Function: jurat.FunctionProsecutor},
}

var countyOffices = []jurat.Office{
	{ID: "county-prosecutor", Name: "County prosecutor, an elected office", Function: jurat.FunctionProsecutor, Own: true},
	{ID: Own, Name: "City police", Function: jurat.FunctionPolice},
}

// A Member is somebody added to a new record; their name is their role and a
// number.
type Member struct {
	ID      jurat.PersonID
	Office  jurat.OfficeID
	Role    jurat.Role
	Sworn   bool
	Advises []jurat.OfficeID
}

// Members are the people of a new city record, the administrator last.
var Members = []Member{
	{ID: "officer-4471", Office: Own, Role: jurat.RoleOfficer, Sworn: true},
	{ID: "officer-4472", Office: Own, Role: jurat.RoleOfficer, Sworn: true},
	{ID: "supervisor-1102", Office: Own, Role: jurat.RoleSupervisor, Sworn: true},
	{ID: "supervisor-1103", Office: Own, Role: jurat.RoleSupervisor, Sworn: true},
	{ID: "detective-2208", Office: Own, Role: jurat.RoleDetective, Sworn: true},
	{ID: "evidence-7", Office: Own, Role: jurat.RoleEvidence},
	{ID: "records-3", Office: Own, Role: jurat.RoleRecords},
	{ID: "conduct-7", Office: Own, Role: jurat.RoleConduct, Sworn: true},
	{ID: "counsel-3", Office: "city-counsel", Role: jurat.RoleCounsel},
	{ID: "counsel-9", Office: "city-counsel", Role: jurat.RoleCounsel, Advises: []jurat.OfficeID{"mayors-office"}},
	{ID: "auditor-1", Office: "inspector-general", Role: jurat.RoleAuditor},
	{ID: "aide-1", Office: "mayors-office", Role: jurat.RolePolitical},
	// political by the function of the office, whatever the role says
	{ID: "liaison-1", Office: "mayors-office", Role: jurat.RoleSupervisor, Sworn: true},
	{ID: "prosecutor-12", Office: "county-prosecutor", Role: jurat.RoleProsecutor},
	{ID: "administrator-1", Office: Own, Role: jurat.RoleAdmin},
}

// CountyMembers are the people of a new prosecutor's record.
var CountyMembers = []Member{
	{ID: "prosecutor-12", Office: "county-prosecutor", Role: jurat.RoleProsecutor},
	{ID: "administrator-1", Office: "county-prosecutor", Role: jurat.RoleAdmin},
}
