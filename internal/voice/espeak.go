package voice

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os/exec"
	"strconv"
	"strings"
	"time"
	"unicode"
)

const (
	espeakTime = 10 * time.Second // How long a text may take.
	espeakSlot = 2                // How many may be spoken at once; more wait.
)

// ESpeak speaks through espeak-ng, a process for each text, which gets the text
// on its standard input and everything else as arguments: no shell reads any of
// it. Make one with [NewESpeak].
//
// Chinese is spoken in Mandarin, text in Latin letters only in English. The
// names of voices are those of another product: the female ones it lists get a
// female variant each, and any other name the language's own voice.
type ESpeak struct {
	program string
	slots   chan struct{}
}

// NewESpeak returns a Speech that runs a program; "" is espeak-ng, wherever the
// environment has it. That it is missing is said when something is to be spoken.
func NewESpeak(program string) *ESpeak {
	if program == "" {
		program = "espeak-ng"
	}
	return &ESpeak{program: program, slots: make(chan struct{}, espeakSlot)}
}

// Speak implements [Speech].
func (e *ESpeak) Speak(ctx context.Context, u Utterance) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, espeakTime)
	defer cancel()
	select {
	case e.slots <- struct{}{}:
		defer func() { <-e.slots }()
	case <-ctx.Done():
		return nil, fmt.Errorf("voice: waiting for others to be spoken: %w", ctx.Err())
	}
	var wav, complaint bytes.Buffer
	cmd := exec.CommandContext(ctx, e.program, arguments(u)...)
	cmd.WaitDelay = time.Second
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(u.Text), &wav, &complaint
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("voice: speaking: %w", ctx.Err())
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w: %w", ErrNoSpeech, err)
	case err != nil:
		first, _, _ := strings.Cut(complaint.String(), "\n")
		return nil, fmt.Errorf("voice: %s: %w: %s", e.program, err, first)
	}
	return sized(wav.Bytes())
}

// arguments says to espeak-ng what an utterance says of itself.
//
//	rate    175 words a minute × 2^(SpeechRate/500): half at -500, twice at 500
//	volume  an amplitude of 2 × Volume, so that 50 is espeak's own 100
//	pitch   50 + PitchRate/10, of 0 to 99
func arguments(u Utterance) []string {
	return []string{
		"-v", espeakVoice(u.Text, u.Voice),
		"-s", strconv.Itoa(int(math.Round(175 * math.Pow(2, float64(u.SpeechRate)/500)))),
		"-a", strconv.Itoa(2 * u.Volume),
		"-p", strconv.Itoa(min(50+u.PitchRate/10, 99)),
		"-b", "1", // UTF-8.
		"--stdin", "--stdout",
	}
}

// espeakVariants are female variants for the female voices of the reference.
var espeakVariants = map[string]string{"xiaoyun": "+f2", "sijing": "+f3", "siyue": "+f4", "aixia": "+f5"}

func espeakVoice(text, name string) string {
	language := "cmn"
	isHan := func(r rune) bool { return unicode.Is(unicode.Han, r) }
	isLatin := func(r rune) bool { return unicode.Is(unicode.Latin, r) }
	if strings.ContainsFunc(text, isLatin) && !strings.ContainsFunc(text, isHan) {
		language = "en"
	}
	return language + espeakVariants[strings.ToLower(name)]
}

// wavHeader is how long the header is that espeak-ng writes.
const wavHeader = 44

// sized sets the lengths in the header of a WAV file, which its writer could not
// know when it began.
func sized(wav []byte) ([]byte, error) {
	if len(wav) <= wavHeader || string(wav[:4]) != "RIFF" || string(wav[8:12]) != "WAVE" || string(wav[36:40]) != "data" {
		return nil, errors.New("voice: what was spoken is no WAV file")
	}
	binary.LittleEndian.PutUint32(wav[4:], uint32(len(wav)-8))
	binary.LittleEndian.PutUint32(wav[40:], uint32(len(wav)-wavHeader))
	return wav, nil
}
