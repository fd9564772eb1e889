package flow

// Code is one kind of diagnostic: what authors look up when they meet it.
type Code struct {
	ID       string // Stable: TG001 to TG099 are of this package, TG100 to TG199 of matching.
	Severity Severity
	When     string // A sentence that says when it is given.
}

// Codes returns every diagnostic this package gives, by ID.
func Codes() []Code { return append([]Code(nil), codes[:]...) }

// code is a place in codes.
type code uint8

const (
	malformed code = iota
	badUTF8
	tooDeep
	overLimit
	unreadable
	badPath
	wrongValue
	repeatedKey
	unknownKey
	missingValue
	duplicateID
	oneDefinition
	mainFlow
	outOfRange
	unknownWord
	badVariable
	badCharacter
	startCount
	unknownNodeType
	unknownAction
	emptyScript
	unknownIntent
	intentByName
	badCondition
	danglingTransition
	noTransition
	manyTransitions
	neverTaken
	wrongOwner
	badTarget
	callCircle
	endlessLoop
	endsNowhere
	deepCalls
	longChain
	unreachableNode
	unenteredFlow
	noEnding
	twiceListed
	secondDefault
	emptyIntent
	unusedIntent
	unknownVariable
	unresolvedPrompt
	unresolvedLabel
	idleRole
	idleQuestion
	emptyText
	tooMany
)

// codes is every diagnostic there is. A number is never given to another
// meaning; a diagnostic that is no longer given leaves a gap.
var codes = [...]Code{
	malformed:     {"TG001", Error, "The file is not valid JSON."},
	badUTF8:       {"TG002", Error, "The file is not valid UTF-8."},
	tooDeep:       {"TG003", Error, "Arrays and objects nest deeper than 512."},
	overLimit:     {"TG004", Error, "A limit is exceeded: the size of a flow or of the bundle, the number of nodes, intents, phrases and the like."},
	unreadable:    {"TG005", Error, "A file of the bundle is missing or cannot be read."},
	badPath:       {"TG006", Error, "The path of a file is not one inside the bundle."},
	wrongValue:    {"TG007", Error, "A value is of another JSON type than its key asks for."},
	repeatedKey:   {"TG008", Error, "An object has the same key twice."},
	unknownKey:    {"TG009", Warning, "An object has a key this version does not know; it is kept, and given once for each kind of object."},
	missingValue:  {"TG010", Error, "A required value is missing or empty: a name, an id."},
	duplicateID:   {"TG011", Error, "Two things of one kind have the same id."},
	oneDefinition: {"TG012", Error, "A flow has both file and definition, or neither."},
	mainFlow:      {"TG013", Error, "The bundle has no flow of type MainFlow, or more than one."},
	outOfRange:    {"TG014", Error, "A number is not whole where it must be, or outside its range."},
	unknownWord:   {"TG015", Error, "A type, role, prompt type or key of the telephone is none of those there are."},
	badVariable:   {"TG016", Error, "The name of a variable is not 1 to 64 letters, digits and _, so that no text can use it."},
	badCharacter:  {"TG017", Error, "A text holds a control character other than tab and line ends, which nobody can say."},

	startCount:         {"TG020", Error, "A flow has no Start node, or more than one."},
	unknownNodeType:    {"TG021", Error, "The type of a node is not Start, Switch or Transfer."},
	unknownAction:      {"TG022", Error, "The action of a Transfer node is neither built in nor registered."},
	emptyScript:        {"TG023", Error, "A Switch node has nothing to say."},
	unknownIntent:      {"TG024", Error, "A branch names an intent that the bundle does not have, or a name that several have."},
	intentByName:       {"TG025", Warning, "A branch names an intent by an unknown id, and it was found by its name."},
	badCondition:       {"TG026", Error, "A condition does not compile to true or false, or uses what conditions may not."},
	danglingTransition: {"TG027", Error, "A transition comes from nothing, or leads to nothing."},
	noTransition:       {"TG028", Error, "A branch, or the Start node, has no transition."},
	manyTransitions:    {"TG029", Error, "Several transitions leave the same branch or node."},
	neverTaken:         {"TG030", Warning, "A transition leaves a node that ends the call, hands it over or returns, so it is never taken."},
	wrongOwner:         {"TG031", Warning, "A transition's sourceBranchNode is not the node that has its branch."},

	badTarget:       {"TG040", Error, "A GotoFlow names no SubFlow, or a name that several have."},
	callCircle:      {"TG041", Error, "SubFlows enter each other in a circle."},
	endlessLoop:     {"TG042", Error, "Nodes lead round in a circle without ever waiting for the caller."},
	endsNowhere:     {"TG043", Error, "A Transfer node of the MainFlow has nowhere to go: it returns, has neither action nor transition, or enters a SubFlow and has no transition for its return."},
	deepCalls:       {"TG044", Warning, "SubFlows nest deeper than 16, which ends in an error at run time."},
	longChain:       {"TG045", Warning, "A turn can pass through more than 64 nodes, which ends in an error at run time."},
	unreachableNode: {"TG046", Warning, "No way from Start leads to a node."},
	unenteredFlow:   {"TG047", Warning, "No GotoFlow enters a SubFlow."},
	noEnding:        {"TG048", Warning, "No way from a node leads to the end of the call, a hand-over or a Return."},

	twiceListed:      {"TG060", Warning, "Two branches of a node list the same intent, and not both have conditions: where both are open, the earlier one gets it."},
	secondDefault:    {"TG061", Warning, "A node has a second default branch, which is never taken."},
	emptyIntent:      {"TG062", Warning, "An intent has neither utterances nor keywords, so nothing matches it."},
	unusedIntent:     {"TG063", Warning, "No branch names an intent."},
	unknownVariable:  {"TG064", Warning, "A text names an @variable that is neither declared nor a field of the contact; it is left out unless the call brings it."},
	unresolvedPrompt: {"TG065", Warning, "A System prompt names no SYSTEM question that has answers; the question of the prompt's role is used instead."},
	unresolvedLabel:  {"TG066", Warning, "A label has no name, and no tag of the bundle has its id."},
	idleRole:         {"TG067", Warning, "The role of a question has no effect: the question is not SYSTEM, or another has the role already."},
	idleQuestion:     {"TG068", Warning, "A COMMON question has nothing that asks it, or nothing to answer."},
	emptyText:        {"TG069", Warning, "A list of texts has an empty one, which is never said and matches nothing."},

	tooMany: {"TG099", Warning, "There are more diagnostics than are listed."},
}
