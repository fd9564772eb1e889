package flow

// What a bundle may hold. Beyond the limits that authors know (bytes, nodes,
// intents, phrases) stand those that keep a small hostile file from becoming a
// large program.
const (
	maxBundle    = 64 << 20 // Bytes of script.json and of every flow file, counted as often as it is named.
	maxFlow      = 2 << 20  // Bytes of one definition.
	maxCondition = 4 << 10  // Bytes of one condition.
	maxNesting   = 512      // Of arrays and objects in a document.
	maxDepth     = 100      // Of brackets and operators in a condition.
	maxPattern   = 1_000    // Instructions of the patterns in one condition.
	maxPatterns  = 100_000  // Instructions of the patterns in all conditions.

	maxNodes    = 5_000   // In all flows.
	maxIntents  = 2_000   // In the bundle.
	maxPhrases  = 200_000 // Utterances in the bundle; as many keywords, questions, answers and similar scripts together.
	maxBranches = 100_000 // In all flows; as many transitions.
	maxIndexes  = 65_535  // Tags, questions or variables: a session counts them in 16 bits.
	maxNaming   = 64      // Characters of a variable's name.

	maxCalls = 16 // SubFlows inside each other, at run time.
	maxHops  = 64 // Nodes in one turn, at run time.

	maxListed = 1_000 // Diagnostics of one compilation.
)
