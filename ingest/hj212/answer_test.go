package hj212

import (
	"strings"
	"testing"

	"egret/ingest/payload"
)

// answerOf asks a server without connections.
func answerOf(text string, change func(*Config)) string {
	config := testConfig()
	if change != nil {
		change(&config)
	}
	c := &connection{server: &Server{config: config}}
	f, err := payload.ReadFrame([]byte(strings.TrimSuffix(text, "\r\n")), config.Profiles, "")
	return string(c.answer(&f, err).frame)
}

// The frame of HJ 212-2017 real-time data and what a platform answers to it, both as they stand on the line.
func TestRealTimeDataIsAnsweredAsTheStandardHasIt(t *testing.T) {
	sent := "##0136QN=20261121101500001;ST=22;CN=2011;PW=123456;MN=SYN000000000000000000001;Flag=5;CP=&&DataTime=20261121101500;a34004-Rtd=35.2,a34004-Flag=N&&"
	want := "##0087QN=20261121101500001;ST=91;CN=9014;PW=123456;MN=SYN000000000000000000001;Flag=4;CP=&&&&5E40\r\n"
	if got := answerOf(frame(sent[6:]), nil); got != want {
		t.Errorf("%q\nis answered with %q\nwant %q", sent, got, want)
	}
}

func TestWhatIsAnsweredAndHow(t *testing.T) {
	f := func(about, sent, want string) {
		t.Helper()
		if want != "" {
			want = frame(want)
		}
		if got := answerOf(frame(sent), nil); got != want {
			t.Errorf("%s: %s\nis answered with %q\nwant %q", about, sent, got, want)
		}
	}
	const (
		qn   = "QN=20261121101500001;"
		by   = ";PW=123456;MN=" + mn
		none = ";CP=&&&&"
	)
	data := func(cn string) {
		t.Helper()
		f("data", qn+"ST=22;CN="+cn+by+";Flag=5;CP=&&DataTime=20261121101500&&", qn+"ST=91;CN=9014"+by+";Flag=4;CP=&&&&")
	}
	for _, cn := range []string{"2011", "2013", "2021", "2031", "2041", "2051", "2052", "2061", "2062", "2063", "2064", "2065", "2066", "2081", "2111", "3019", "3020", "9015"} {
		data(cn)
	}
	request := func(about, cn, qnRtn string) {
		t.Helper()
		f(about, qn+"ST=22;CN="+cn+by+";Flag=5;CP=&&&&", qn+"ST=91;CN=9011"+by+";Flag=4;CP=&&QnRtn="+qnRtn+"&&")
	}
	f("the clock", qn+"ST=22;CN=1013"+by+";Flag=5"+none, qn+"ST=91;CN=9013"+by+";Flag=4"+none)
	request("log-in", "9021", "1")
	request("a command that nobody knows", "2000", "8")
	request("a command that nobody knows", "3021", "8")
	request("a command that is no number", "20a1", "8")
	request("no command", "", "8")

	for _, cn := range []string{"9011", "9012", "9013", "9014"} {
		f("an answer", qn+"ST=91;CN="+cn+by+";Flag=5;CP=&&QnRtn=1&&", "")
	}
	f("no answer is wanted", qn+"ST=22;CN=2011"+by+";Flag=4"+none, "")
	f("no answer is wanted, 2005", qn+"ST=22;CN=2011"+by+";Flag=0"+none, "")
	f("no Flag", qn+"ST=22;CN=2011"+by+none, "")

	f("2005", qn+"ST=22;CN=2011"+by+";Flag=1"+none, qn+"ST=91;CN=9014"+by+";Flag=0"+none)
	f("2017, a part of several", qn+"ST=22;CN=2011"+by+";Flag=7;PNUM=2;PNO=1"+none, qn+"ST=91;CN=9014"+by+";Flag=4"+none)
	f("2025", qn+"ST=22;CN=2011"+by+";Flag=9"+none, qn+"ST=91;CN=9014"+by+";Flag=8"+none)
	f("2025, sent again, a part of several", qn+"ST=22;CN=2011"+by+";Flag=11;PNUM=2;PNO=2;RF=1"+none, qn+"ST=91;CN=9014"+by+";Flag=8"+none)

	f("no QN", "ST=22;CN=2011"+by+";Flag=5"+none, "ST=91;CN=9014"+by+";Flag=4"+none)
	f("no PW", qn+"ST=22;CN=2011;MN="+mn+";Flag=5"+none, qn+"ST=91;CN=9014;MN="+mn+";Flag=4"+none)

	f("the password of the station", qn+"ST=22;CN=2011;PW=654321;MN="+other+";Flag=5"+none, qn+"ST=91;CN=9014;PW=654321;MN="+other+";Flag=4"+none)
	f("a wrong password", qn+"ST=22;CN=2011;PW=123456;MN="+other+";Flag=5"+none, qn+"ST=91;CN=9011;PW=123456;MN="+other+";Flag=4;CP=&&QnRtn=3&&")
	f("a wrong password, no answer wanted", qn+"ST=22;CN=2011;PW=123456;MN="+other+";Flag=4"+none, "")
	f("a log-in with a wrong password", qn+"ST=22;CN=9021;PW=123456;MN="+other+";Flag=5"+none, qn+"ST=91;CN=9011;PW=123456;MN="+other+";Flag=4;CP=&&QnRtn=3&&")
	f("an MN of no station", qn+"ST=22;CN=2011;PW=123456;MN=X1;Flag=9"+none, qn+"ST=91;CN=9011;PW=123456;MN=X1;Flag=8;CP=&&QnRtn=4&&")
}

func TestEveryMNIsTakenWhereNoRegisterDecides(t *testing.T) {
	everyone := func(c *Config) { c.Known = nil }
	got := answerOf(frame("QN=20261121101500001;ST=22;CN=2011;PW=1;MN=X1;Flag=5;CP=&&&&"), everyone)
	if want := frame("QN=20261121101500001;ST=91;CN=9014;PW=1;MN=X1;Flag=4;CP=&&&&"); got != want {
		t.Errorf("answered with %q, want %q", got, want)
	}
}

func TestWhatCannotBeReadIsNotAnswered(t *testing.T) {
	f := func(text string) {
		t.Helper()
		if got := answerOf(text, nil); got != "" {
			t.Errorf("%q is answered with %q", text, got)
		}
	}
	f("GET / HTTP/1.1")
	f("")
	f("##")
	f("##0000FFFF")
	f(strings.Replace(upload("001"), "35.2", "95.2", 1))
	f(strings.TrimSuffix(upload("001"), "\r\n")[:60])
	f(frame("QN=" + strings.Repeat("2", 2000) + ";ST=22;CN=2011;PW=1;MN=" + mn + ";Flag=5;CP=&&&&")) // its answer would be no frame
}
