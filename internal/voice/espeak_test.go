package voice

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// program writes a program in the place of espeak-ng.
func program(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "espeak-ng")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

// sayArguments is a program that speaks its arguments and its input.
const sayArguments = `printf 'RIFF0000WAVE000000000000000000000000data0000%s|' "$*"; cat`

func TestESpeak(t *testing.T) {
	e := NewESpeak(program(t, sayArguments))
	for _, c := range []struct {
		u    Utterance
		want string
	}{
		{Utterance{"您好 $(id); -x", Settings{"xiaoyun", 0, 50}, 0}, "-v cmn+f2 -s 175 -a 100 -p 50 -b 1 --stdin --stdout|您好 $(id); -x"},
		{Utterance{"Hello", Settings{"-w /etc/x", 500, 100}, 500}, "-v en -s 350 -a 200 -p 99 -b 1 --stdin --stdout|Hello"},
		{Utterance{"WiFi 密码", Settings{"Siyue", -500, 0}, -500}, "-v cmn+f4 -s 88 -a 0 -p 0 -b 1 --stdin --stdout|WiFi 密码"},
		{Utterance{"123", Settings{"", 250, 7}, 0}, "-v cmn -s 247 -a 14 -p 50 -b 1 --stdin --stdout|123"},
	} {
		wav, err := e.Speak(t.Context(), c.u)
		if err != nil {
			t.Error(err)
			continue
		}
		if got := string(wav[wavHeader:]); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
		if riff, data := binary.LittleEndian.Uint32(wav[4:]), binary.LittleEndian.Uint32(wav[40:]); int(riff) != len(wav)-8 || int(data) != len(wav)-44 {
			t.Errorf("%d bytes, the header says %d and %d", len(wav), riff, data)
		}
	}
}

func TestESpeakFails(t *testing.T) {
	u := Utterance{Text: "您好"}
	if _, err := NewESpeak(filepath.Join("no", "such", "program")).Speak(t.Context(), u); !errors.Is(err, ErrNoSpeech) {
		t.Error(err)
	}
	if _, err := NewESpeak("no-such-program-anywhere").Speak(t.Context(), u); !errors.Is(err, ErrNoSpeech) {
		t.Error(err)
	}
	if _, err := NewESpeak(program(t, "echo no voice >&2; exit 3")).Speak(t.Context(), u); err == nil || !strings.Contains(err.Error(), "no voice") {
		t.Error(err)
	}
	if _, err := NewESpeak(program(t, "cat")).Speak(t.Context(), u); err == nil {
		t.Error("what is no WAV file is taken")
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := NewESpeak(program(t, sayArguments)).Speak(ended, u); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// required says that espeak-ng has to be there, as .ci/run does.
const required = "TALKGRAPH_TEST_ESPEAK"

// TestRealESpeak speaks with the real program where it is installed.
func TestRealESpeak(t *testing.T) {
	if _, err := exec.LookPath("espeak-ng"); err != nil {
		if os.Getenv(required) != "" {
			t.Fatal(err)
		}
		t.Logf("the real espeak-ng is left out: install it (Debian: apt-get install espeak-ng)")
		return
	}
	e := NewESpeak("")
	speak := func(text string, rate, volume int) (seconds float64, loudest int16) {
		t.Helper()
		wav, err := e.Speak(t.Context(), Utterance{Text: text, Settings: Settings{"xiaoyun", rate, volume}})
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(wav, []byte("RIFF")) || string(wav[8:16]) != "WAVEfmt " {
			t.Fatalf("%q", wav[:wavHeader])
		}
		samples := make([]int16, (len(wav)-wavHeader)/2)
		if err := binary.Read(bytes.NewReader(wav[wavHeader:]), binary.LittleEndian, samples); err != nil {
			t.Fatal(err)
		}
		return float64(len(wav)-wavHeader) / float64(binary.LittleEndian.Uint32(wav[28:])), slices.Max(samples)
	}
	for _, text := range []string{"您好，请问是王女士本人吗？", "Hello, is this Mrs Wang?"} {
		usual, quiet := speak(text, 0, 30)
		_, loud := speak(text, 0, 60)
		fast, _ := speak(text, 500, 30)
		slow, _ := speak(text, -500, 30)
		if usual <= 0.5 || fast >= usual || slow <= usual {
			t.Errorf("%s: %.2f s, fast %.2f s, slow %.2f s", text, usual, fast, slow)
		}
		if quiet <= 0 || loud <= quiet {
			t.Errorf("%s: amplitude %d, louder %d", text, quiet, loud)
		}
		t.Logf("%s: %.2f s, fast %.2f s, slow %.2f s; amplitude %d, louder %d", text, usual, fast, slow, quiet, loud)
	}
}
