package flow

import "strings"

var (
	unrecognizingKind = kindOf("unrecognizingConfig", "promptType prompt threshold finalPromptType finalPrompt")
	silenceKind       = kindOf("silenceTimeoutConfig", "promptType prompt threshold finalPromptType finalPrompt timeout")
)

// How often a node asks again.
const (
	defaultThreshold = 2
	maxThreshold     = 100
)

// reprompt resolves what follows a no-match or a silence, whose SYSTEM
// question is that of the role. A config that is absent is an empty one.
func (c *compiler) reprompt(o object, role Role) Reprompt {
	r := Reprompt{Threshold: o.whole("threshold", 0, maxThreshold, defaultThreshold)}
	var found bool
	if r.Prompt, found = c.prompt(&o, "promptType", "prompt"); !found {
		r.Prompt = c.rolePrompt(role)
	}
	if r.Final, found = c.prompt(&o, "finalPromptType", "finalPrompt"); !found {
		r.Final = c.finalPrompt(role)
	}
	return r
}

// prompt resolves one prompt of a config and reports whether the config says
// which: otherwise that of the role is used.
func (c *compiler) prompt(o *object, typeKey, idKey string) (Prompt, bool) {
	word, id := o.text(typeKey), o.text(idKey)
	switch {
	case isSimilar(word) || word == "" && isSimilar(id):
		return Prompt{Kind: AskAgain}, true
	case word != "" && !strings.EqualFold(word, "System"):
		c.log.add(unknownWord, o.get(typeKey).at, "%q is no type of prompt: write SimiliarScript or System", word)
		return Prompt{}, false
	case id == "":
		return Prompt{}, false
	}
	i := c.questions.byID(id)
	if i < 0 || !c.program.Questions[i].System || len(c.program.Questions[i].Answers) == 0 {
		c.log.add(unresolvedPrompt, o.get(idKey).at, "no SYSTEM question with answers has the id %q, so that of the role is used: correct the id, or add the question", id)
		return Prompt{}, false
	}
	return Prompt{Kind: SystemPrompt, Question: i}, true
}

// isSimilar reports whether a word is the prompt type of asking again, which
// the wire format misspells.
func isSimilar(word string) bool {
	return strings.EqualFold(word, "SimiliarScript") || strings.EqualFold(word, "SimilarScript")
}

// rolePrompt is the prompt where the author names none.
func (c *compiler) rolePrompt(role Role) Prompt {
	if i := c.roles[role]; i >= 0 {
		return Prompt{Kind: SystemPrompt, Question: i}
	}
	return Prompt{Kind: AskAgain}
}

// finalPrompt is the final prompt where the author names none.
func (c *compiler) finalPrompt(role Role) Prompt {
	for _, role := range [...]Role{role, RoleClosing} {
		if i := c.roles[role]; i >= 0 {
			return Prompt{Kind: SystemPrompt, Question: i}
		}
	}
	return Prompt{Kind: SayNothing}
}
