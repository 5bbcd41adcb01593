package login

// Cheap makes passwords cost little, so that tests are quick.
func Cheap(p *Porter) { p.cost = cost{memory: 64, passes: 1, lanes: 1} }
