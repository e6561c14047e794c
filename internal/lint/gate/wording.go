package gate

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// beginnings are words, or the first letters of words, in lower case. One that
// ends in a space is a whole word.
type beginnings []string

func words(lists ...string) beginnings {
	var out beginnings
	for _, list := range lists {
		for w := range strings.SplitSeq(list, ",") {
			if w = strings.TrimLeft(w, " \n\t"); w != "" {
				out = append(out, w)
			}
		}
	}
	return out
}

// in returns where the first of the words that a text has begins; -1 when it has
// none. Lower case may move the place by a few bytes; it stays inside the text.
func (b beginnings) in(text string) int {
	lower := strings.ToLower(text) + " "
	for _, w := range b {
		for from := 0; ; {
			i := strings.Index(lower[from:], w)
			if i < 0 {
				break
			}
			if before, _ := utf8.DecodeLastRuneInString(lower[:from+i]); from+i == 0 || !unicode.IsLetter(before) {
				return min(from+i, max(0, len(text)-1))
			}
			from += i + len(w)
		}
	}
	return -1
}

var (
	tellsDetection = words(`alert,alarm,page ,paged,pages ,paging,pager,detect,notic,report,monitor,discover,notif,aware,identif,complain,ticket,saw ,see ,sees ,seeing,
		observ,found,realiz,unexpected,exploit,attack,concern,raised,reach out,reaches out,reached out,investigat,diagnos,reproduc,confirm,witness,reveal,showed,shows ,war room,receiv,told ,filed ,opened ,created track,users ,customers ,support ,status page`)
	tellsResponse = words(`acknowledg,ack ,investigat,restart,reboot,rollback,roll back,rolls back,rolled back,rolling back,roll-back,revert,deployed,deploys,redeploy,fix,mitigat,
		apply,applie,scale,scaling,disabl,enabl,escalat,decid,chang,updat,block,restor,switch,start,stop,kill,patch,debug,merg,push,add ,adds ,added,adding,remov,ran ,run ,
		contact,engag,joined,joins ,increas,reduc,hotfix,correct,replac,delet,configur,try ,tried,test,check,confirm,post ,posted,publish,releas,move ,moved,creat,drain,
		flush,clear,work on,worked on,working on,isolat,examin,analy,troubleshoot,repair,upgrad,downgrad,migrat,rotat,revok,declar,identif,found,attempt,reattach,rerun,re-run,re-push,reset,relaunch,war room`)
	tellsEnd = words(`resolv,recover,restor,fixed,back to,back up,back on,back in,normal,healthy,complet,success,close ,closed,closing,mitigated,stabl,stabiliz,
		all clear,active ,http 200,succeed,verified,end ,ends ,ended,online,operational,working,works ,live ,over ,green,up again,subsid,solved,cleared,finish,done ,ready ,passes ,is back,was back,are back,were back,100% back,
		deployed,released,merged,reverted,rolled back`)
	tellsDone  = words(`killed,restarted,disabled,disable ,removed,replaced,patched,applied,added,updated,upgraded,renewed,deleted,increased,scaled,switched,moved,published,posted,pushed,automated,sent `)
	namesCause = words(`root cause,underlying cause,proximate cause,caused by,the cause was,the cause is,the cause of,due to,because,resulted from,result of,led to ,
		triggered by,stemmed from,traced to,traced back to,turned out,took advantage of,misconfigur,bug in,bug was,bug is,flaw in,flaw was,defect in,defect was,
		vulnerability in,vulnerability was,the problem was,the problem is,the issue was,the issue is,the reason was,the reason is,the culprit was,the culprit is`)
	namesWorsens = words(`contributed,contributing,contributory,made it worse,made it longer,made it harder,made this worse,made the incident,made the outage,made the situation,
		made the impact,made matters worse,exacerbat,worsened,aggravat,compounded,prolonged,amplified,complicated,complicating,slowed down,extended the,slower due,slower because,
		slower than,longer due,longer because,longer than,later than,harder because,harder than,worse because,worse than,took longer,took much longer,took even longer,
		went unnoticed,nobody noticed,no one noticed,no alert,no monitoring,no test,no runbook,did not help,didn't help,slow to `)
	namesLesson = words(`lesson,takeaway,we learned,we learnt,we have learned,learned that,learned from,went well,went wrong,went poorly,for the future,in the future,in future,
		going forward,next time,to prevent this,to prevent such,to prevent similar,to prevent a recurrence,to avoid this,to avoid such,to avoid similar,we need to add,we need to make,
		we need to improve,we need to setup,we need to set up,we need to review,could have been better,could have been avoided,could have been prevented,could have been faster`)
)
