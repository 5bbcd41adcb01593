package numbers

import "jurat/order"

// A text is one fixed text of the publication, in the languages it is made in.
type text struct{ key, en, es string }

// say gives a fixed text; the key itself where there is none.
func say(key string) order.Label {
	for _, t := range &texts {
		if t.key == key {
			return order.Label{"en": t.en, "es": t.es}
		}
	}
	return order.Label{"en": key, "es": key}
}

// texts are the fixed texts. Counts are of what was documented, alleged or
// found, each said as such (PUB-3).
var texts = [...]text{
	{"all", "All", "Todos"},
	{"area.not_established", "Area not established", "Zona no establecida"},
	{"agency.not_established", "Agency not established", "Agencia no establecida"},
	{"activity.not_stated", "Kind of activity not stated", "Tipo de actividad no indicado"},
	{"level.felony", "Alleged felony", "Presunto delito grave"},
	{"level.misdemeanor", "Alleged misdemeanor", "Presunto delito menor"},
	{"level.ordinance", "Alleged breach of an ordinance", "Presunta falta a una ordenanza"},
	{"level.unclear", "Level not clear", "Nivel no claro"},
	{"status.alleged", "Alleged", "Alegado"},
	{"status.supported", "Supported, says the investigating office; no finding", "Respaldado, según la oficina investigadora; no es una determinación"},
	{"status.not_supported", "Not supported, says the investigating office", "No respaldado, según la oficina investigadora"},
	{"status.unfounded", "Unfounded, says the investigating office", "Infundado, según la oficina investigadora"},
	{"status.insufficient", "Too little to say, says the investigating office", "Insuficiente para decidir, según la oficina investigadora"},
	{"status.referred", "Referred to a prosecutor", "Remitido a la fiscalía"},
	{"status.declined", "Prosecution declined", "La fiscalía decidió no acusar"},
	{"status.charged", "Charged; an accused person is presumed innocent", "Con cargos; toda persona acusada se presume inocente"},
	{"status.dismissed", "Dismissed by a court", "Desestimado por un tribunal"},
	{"status.acquitted", "Acquitted by a court", "Absuelto por un tribunal"},
	{"status.convicted", "Convicted by a court", "Condenado por un tribunal"},
	{"status.removed_to_federal_court", "Moved to a federal court", "Trasladado a un tribunal federal"},
	{"means.activity", "One incident in which activity was documented. It alleges nothing. An incident with several kinds of activity or several agencies stands under each.", "Un incidente en el que se documentó actividad. No alega nada. Un incidente con varios tipos de actividad o varias agencias figura en cada uno."},
	{"means.allegations", "One allegation on record on which no court has found, under the month of its incident and its status now. An allegation is not a finding.", "Una alegación registrada sobre la cual ningún tribunal ha decidido, en el mes de su incidente y con su estado actual. Una alegación no es una determinación."},
	{"means.findings", "One allegation on which a court has found, under the month in which it did.", "Una alegación sobre la cual un tribunal ha decidido, en el mes en que lo hizo."},
	{"means.gaps", "What is not known, was refused or was not answered. Each line stands alone; an incident may stand in several.", "Lo que no se sabe, se negó o no se respondió. Cada línea vale por sí sola; un incidente puede figurar en varias."},
	{"gap.no_footage", "Incidents with no footage on record, here or elsewhere", "Incidentes sin grabaciones registradas, aquí o en otro lugar"},
	{"gap.identification_refused", "Incidents in which a request to identify was refused; a refusal is a fact, not an offence", "Incidentes en los que se negó la identificación; la negativa es un hecho, no una infracción alegada"},
	{"gap.identification_no_answer", "Incidents in which a request to identify was not answered; silence is not refusal", "Incidentes en los que no se respondió al pedido de identificación; el silencio no es negativa"},
	{"gap.agency_not_established", "Incidents in which no agency is established", "Incidentes en los que ninguna agencia está establecida"},
	{"gap.no_activity_record", "Incidents with no record of activity", "Incidentes sin registro de actividad"},
	{"gap.referrals_sent", "Referrals sent to a prosecutor, by the month they were sent", "Remisiones enviadas a la fiscalía, por el mes del envío"},
	{"gap.referrals_returned", "Referrals returned unprocessed, by the month of the answer", "Remisiones devueltas sin tramitar, por el mes de la respuesta"},
	{"gap.referrals_declined", "Referrals declined, by the month of the answer", "Remisiones en las que se decidió no acusar, por el mes de la respuesta"},
	{"by.area", "By area", "Por zona"},
	{"by.agency", "By agency", "Por agencia"},
	{"by.activity_kind", "By kind of activity", "Por tipo de actividad"},
	{"by.allegation_class", "By level of what is alleged", "Por nivel de lo alegado"},
	{"by.status", "By status", "Por estado"},
	{"by.gap", "By gap", "Por vacío"},
	{"by.month", "By month", "Por mes"},
	{"counts.activity", "Documented activity", "Actividad documentada"},
	{"counts.allegations", "Allegations", "Alegaciones"},
	{"counts.findings", "Findings", "Determinaciones"},
	{"counts.gaps", "What is not known", "Lo que no se sabe"},
	{"period", "Whole period", "Todo el período"},
	{"withheld", "withheld", "reservado"},
}
