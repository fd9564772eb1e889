package store

import (
	"context"
	"crypto/sha256"
	"slices"

	"github.com/uptrace/bun"
)

// How a text is voiced.
const (
	VoiceTTS      = "TTS"      // Synthesised.
	VoiceWaveform = "WAVEFORM" // Put together from recordings.
)

// Where a text is spoken.
const (
	VoiceOfFlow     = "DIALOGUE_FLOW"
	VoiceOfQuestion = "GLOBAL_QUESTION"
)

// VoiceConfig says how one text that a draft speaks is voiced.
type VoiceConfig struct {
	bun.BaseModel `bun:"table:voice_configs"`

	ScriptID  string `bun:",pk"`
	ID        string `bun:",pk"`
	Content   string // The text, as the author wrote it; unique in the script.
	Digest    []byte // Its SHA-256.
	Source    string // VoiceOfFlow, or VoiceOfQuestion where no flow speaks it.
	Type      string // VoiceTTS, until it has pieces.
	CreatedAt int64

	Pieces []VoicePiece `bun:"-"` // In order.
}

// VoicePiece is a piece of a text and the recording of it.
type VoicePiece struct {
	bun.BaseModel `bun:"table:voice_pieces"`

	ScriptID   string `bun:",pk"`
	ConfigID   string `bun:",pk"`
	Position   int64  `bun:",pk"`
	Content    string
	WaveformID string `bun:",nullzero"` // Empty: a variable, which is synthesised.
}

// SpokenText is a text that a draft speaks, and where.
type SpokenText struct{ Content, Source string }

func digestOf(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// SyncVoices makes the voice configs of a script those of the texts that its
// draft speaks, which spoken finds in it, each once. A text that stays keeps its
// config; that of one which is gone is deleted. This is no edit of the script.
func (s *Store) SyncVoices(ctx context.Context, instance, script string, spoken func([]Flow, []Question) []SpokenText) error {
	differs := false
	err := s.inSnapshot(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := inScript(ctx, tx, instance, script); err != nil {
			return err
		}
		change, err := voiceChangeOf(ctx, tx, script, spoken)
		differs = err == nil && !change.empty()
		return err
	})
	if err != nil || !differs {
		return err
	}
	return s.inTx(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := s.lockScript(ctx, tx, instance, script); err != nil {
			return err
		}
		change, err := voiceChangeOf(ctx, tx, script, spoken)
		if err != nil {
			return err
		}
		return s.applyVoices(ctx, tx, script, change)
	})
}

// voiceChange is what makes voice configs those of a draft.
type voiceChange struct {
	gone  []string               // Ids.
	fresh []VoiceConfig          // Without what only the store knows.
	moved map[string]VoiceConfig // By id: spoken elsewhere now.
}

func (c *voiceChange) empty() bool { return len(c.gone)+len(c.fresh)+len(c.moved) == 0 }

func voiceChangeOf(ctx context.Context, tx bun.Tx, script string, spoken func([]Flow, []Question) []SpokenText) (*voiceChange, error) {
	var flows []Flow
	var questions []Question
	var configs []VoiceConfig
	if err := inOrder(ctx, tx, script, &flows); err != nil {
		return nil, err
	}
	if err := inOrder(ctx, tx, script, &questions); err != nil {
		return nil, err
	}
	if err := tx.NewSelect().Model(&configs).Where("script_id = ?", script).Scan(ctx); err != nil {
		return nil, err
	}
	known := make(map[string]VoiceConfig, len(configs))
	for _, config := range configs {
		known[config.Content] = config
	}
	change := &voiceChange{moved: map[string]VoiceConfig{}}
	for _, text := range spoken(flows, questions) {
		config, there := known[text.Content]
		switch {
		case !there:
			change.fresh = append(change.fresh, VoiceConfig{Content: text.Content, Source: text.Source, Type: VoiceTTS})
		case config.Source != text.Source:
			config.Source = text.Source
			change.moved[config.ID] = config
		}
		delete(known, text.Content)
	}
	for _, config := range known {
		change.gone = append(change.gone, config.ID)
	}
	return change, nil
}

func (s *Store) applyVoices(ctx context.Context, tx bun.Tx, script string, change *voiceChange) error {
	const most = 200
	for ids := range slices.Chunk(change.gone, most) {
		_, err := tx.NewDelete().Model((*VoiceConfig)(nil)).Where("script_id = ? AND id IN ?", script, bun.Tuple(ids)).Exec(ctx)
		if err != nil {
			return err
		}
	}
	for _, config := range change.moved {
		if _, err := tx.NewUpdate().Model(&config).Column("source").WherePK().Exec(ctx); err != nil {
			return err
		}
	}
	now := s.now()
	for i := range change.fresh {
		config := &change.fresh[i]
		config.ScriptID, config.ID, config.CreatedAt = script, s.o.NewID(), now
		config.Digest = digestOf(config.Content)
	}
	return insert(ctx, tx, change.fresh)
}

// VoiceConfigs returns a page of the voice configs of a script, newest first,
// and how many there are.
func (s *Store) VoiceConfigs(ctx context.Context, instance, script string, p Page) ([]VoiceConfig, int, error) {
	var configs []VoiceConfig
	total := 0
	err := s.inSnapshot(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := inScript(ctx, tx, instance, script); err != nil {
			return err
		}
		var err error
		total, err = list(ctx, tx.NewSelect().Model(&configs).Where("script_id = ?", script).OrderExpr("created_at DESC, id"), p, &configs)
		if err != nil {
			return err
		}
		return withPieces(ctx, tx, script, configs)
	})
	return configs, total, err
}

// VoiceConfig returns a voice config of a script.
func (s *Store) VoiceConfig(ctx context.Context, instance, script, id string) (*VoiceConfig, error) {
	configs := make([]VoiceConfig, 1)
	err := s.inSnapshot(ctx, func(ctx context.Context, tx bun.Tx) error {
		if _, err := inScript(ctx, tx, instance, script); err != nil {
			return err
		}
		err := tx.NewSelect().Model(&configs[0]).Where("script_id = ? AND id = ?", script, id).Scan(ctx)
		if err != nil {
			return found("ScriptVoiceConfig", err)
		}
		return withPieces(ctx, tx, script, configs)
	})
	return &configs[0], err
}

// withPieces reads the pieces of configs of a script.
func withPieces(ctx context.Context, tx bun.Tx, script string, configs []VoiceConfig) error {
	at := map[string]*VoiceConfig{}
	var recorded []string
	for i := range configs {
		if configs[i].Type == VoiceWaveform {
			at[configs[i].ID] = &configs[i]
			recorded = append(recorded, configs[i].ID)
		}
	}
	if len(recorded) == 0 {
		return nil
	}
	var pieces []VoicePiece
	err := tx.NewSelect().Model(&pieces).Where("script_id = ? AND config_id IN ?", script, bun.Tuple(recorded)).
		OrderExpr("config_id, position").Scan(ctx)
	for _, piece := range pieces {
		of := at[piece.ConfigID]
		of.Pieces = append(of.Pieces, piece)
	}
	return err
}

// SetVoicePieces puts a text together from pieces, or, without any, lets it be
// synthesised. check may refuse the pieces once the text is known.
func (s *Store) SetVoicePieces(ctx context.Context, instance, script, id string, pieces []VoicePiece,
	check func(*Script, *VoiceConfig) error,
) (*VoiceConfig, error) {
	config := new(VoiceConfig)
	err := s.edit(ctx, instance, script, func(ctx context.Context, tx bun.Tx) error {
		row, err := inScript(ctx, tx, instance, script)
		if err != nil {
			return err
		}
		err = tx.NewSelect().Model(config).Where("script_id = ? AND id = ?", script, id).Scan(ctx)
		if err != nil {
			return found("ScriptVoiceConfig", err)
		}
		if err := check(row, config); err != nil {
			return err
		}
		return putPieces(ctx, tx, config, pieces)
	})
	return config, err
}

func putPieces(ctx context.Context, tx bun.Tx, config *VoiceConfig, pieces []VoicePiece) error {
	config.Type, config.Pieces = VoiceTTS, pieces
	if len(pieces) > 0 {
		config.Type = VoiceWaveform
	}
	if _, err := tx.NewUpdate().Model(config).Column("type").WherePK().Exec(ctx); err != nil {
		return err
	}
	_, err := tx.NewDelete().Model((*VoicePiece)(nil)).
		Where("script_id = ? AND config_id = ?", config.ScriptID, config.ID).Exec(ctx)
	if err != nil {
		return err
	}
	for i := range pieces {
		piece := &pieces[i]
		piece.ScriptID, piece.ConfigID, piece.Position = config.ScriptID, config.ID, int64(i)
		if piece.WaveformID == "" {
			continue
		}
		there, err := tx.NewSelect().Table("waveforms").Where("script_id = ? AND id = ?", config.ScriptID, piece.WaveformID).Exists(ctx)
		if err != nil {
			return err
		}
		if !there {
			return &InvalidError{"ScriptWaveformRelation", "The script has no waveform of one of the ids in it."}
		}
	}
	return insert(ctx, tx, pieces)
}
