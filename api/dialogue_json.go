package api

import (
	"strconv"

	"github.com/talkgraph/talkgraph/internal/rpc"
)

// AppendJSON appends the whole answer, byte for byte what the generic encoder
// writes: Dialogue is the one action whose speed counts. Answers that explain
// are left to the generic encoder.
func (r *dialogueResponse) AppendJSON(dst []byte, requestID string) ([]byte, bool) {
	f := &r.Feedback
	if f.Explain != nil {
		return dst, false
	}
	dst = append(dst, `{"Code":"OK","Feedback":{"Action":`...)
	dst = rpc.AppendJSONString(dst, f.Action)
	dst = append(dst, `,"ActionParams":`...)
	dst = rpc.AppendJSONString(dst, f.ActionParams)
	dst = append(dst, `,"CollectDigits":`...)
	dst = strconv.AppendBool(dst, f.CollectDigits)
	dst = append(dst, `,"Content":`...)
	dst = rpc.AppendJSONString(dst, f.Content)
	if f.Digits != nil {
		dst = f.Digits.appendJSON(dst)
	}
	dst = append(dst, `,"FlowId":`...)
	dst = rpc.AppendJSONString(dst, f.FlowID)
	dst = append(dst, `,"Interruptible":`...)
	dst = strconv.AppendBool(dst, f.Interruptible)
	dst = append(dst, `,"NodeId":`...)
	dst = rpc.AppendJSONString(dst, f.NodeID)
	dst = append(dst, `,"SilenceTimeout":`...)
	dst = strconv.AppendInt(dst, int64(f.SilenceTimeout), 10)
	dst = append(dst, `,"TurnId":`...)
	dst = rpc.AppendJSONString(dst, f.TurnID)
	dst = append(dst, `},"HttpStatusCode":200,"Message":"Success","RequestId":`...)
	dst = rpc.AppendJSONString(dst, requestID)
	return append(dst, `,"Success":true}`...), true
}

func (d *digits) appendJSON(dst []byte) []byte {
	dst = append(dst, `,"Digits":{"Max":`...)
	dst = strconv.AppendInt(dst, int64(d.Max), 10)
	dst = append(dst, `,"Min":`...)
	dst = strconv.AppendInt(dst, int64(d.Min), 10)
	dst = append(dst, `,"Terminator":`...)
	dst = rpc.AppendJSONString(dst, d.Terminator)
	dst = append(dst, `,"Timeout":`...)
	dst = strconv.AppendInt(dst, int64(d.Timeout), 10)
	return append(dst, '}')
}
