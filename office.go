package jurat

// A Function is what an office does in a case. The wall of REF-1 is by
// function, never by whether the head of the office is elected.
type Function string

// The closed list of functions.
const (
	FunctionPolice     Function = "police"     // investigates
	FunctionProsecutor Function = "prosecutor" // charges; the head may be elected
	FunctionCounsel    Function = "counsel"    // gives legal advice
	FunctionOversight  Function = "oversight"  // audits and inspects
	FunctionCourt      Function = "court"
	FunctionRecords    Function = "records"   // keeps and disposes
	FunctionService    Function = "service"   // a department that is visited, asked or called
	FunctionAgency     Function = "agency"    // the other government's agency
	FunctionPolitical  Function = "political" // none of the above in a case
)

// Functions lists every function.
var Functions = [...]Function{FunctionPolice, FunctionProsecutor, FunctionCounsel, FunctionOversight, FunctionCourt, FunctionRecords, FunctionService, FunctionAgency, FunctionPolitical}

// A Role is what a person may be asked to do within an office.
type Role string

// The closed list of roles.
const (
	RoleOfficer    Role = "officer"    // sworn; writes reports
	RoleSupervisor Role = "supervisor" // sworn; approves, returns, approves referrals
	RoleDetective  Role = "detective"  // sworn; prepares referrals
	RoleEvidence   Role = "evidence"   // receives and preserves exhibits
	RoleRecords    Role = "records"    // retention and disposal
	RoleCounsel    Role = "counsel"    // holds, disclosure, screening
	RoleProsecutor Role = "prosecutor" // receives dossiers, answers referrals
	RoleAuditor    Role = "auditor"    // reads, changes nothing
	RoleConduct    Role = "conduct"    // looks into complaints about the office's own people (OWN-4)
	RoleAdmin      Role = "administrator"
	RolePolitical  Role = "political" // sees published aggregates, nothing else
)

// Roles lists every role.
var Roles = [...]Role{RoleOfficer, RoleSupervisor, RoleDetective, RoleEvidence, RoleRecords, RoleCounsel, RoleProsecutor, RoleAuditor, RoleConduct, RoleAdmin, RolePolitical}
