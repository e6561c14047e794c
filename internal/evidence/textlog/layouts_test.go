package textlog_test

// layouts are logs as many programs write them, with what should be read.
var layouts = []struct{ name, in, want string }{
	{"klog", `
I0315 14:37:00.123456       1 main.go:23] Starting controller
E0315 14:37:01.123456       1 reflector.go:138] failed to watch *v1.Pod: timeout
W0315 14:37:02.000001      12 leaderelection.go:330] error retrieving resource lock
`, `
1 2024-03-15T14:37:00.123456Z info shop - | Starting controller
2 2024-03-15T14:37:01.123456Z error shop - | failed to watch *v1.Pod: timeout
3 2024-03-15T14:37:02.000001Z warn shop - | error retrieving resource lock
`},
	{"syslog RFC 3164", `
<34>Oct 11 22:14:15 mymachine su[12]: 'su root' failed for lonvick on /dev/pts/8
<13>Oct 11 22:14:16 mymachine cron: job started
`, `
1 2024-10-11T22:14:15Z fatal su mymachine | 'su root' failed for lonvick on /dev/pts/8
2 2024-10-11T22:14:16Z info cron mymachine | job started
`},
	{"syslog RFC 5424", `
<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - 'su root' failed
<165>1 2003-10-11T22:14:16.003Z mymachine evntslog 88 ID47 [exampleSDID@32473 iut="3" eventSource="App]"] An application event
`, `
1 2003-10-11T22:14:15.003Z fatal su mymachine.example.com | 'su root' failed
2 2003-10-11T22:14:16.003Z info evntslog mymachine | An application event
`},
	{"PostgreSQL", `
2024-03-15 10:25:03.995 EDT [3552] app@orders LOG:  duration: 606.951 ms  execute <unnamed>: SELECT 1
2024-03-15 10:25:05.995 EDT [3552] LOG:  checkpoint starting: time
2024-03-15 10:25:06.995 EDT [3552] app@orders ERROR:  column x does not exist at character 3
2024-03-15 10:25:06.995 EDT [3552] app@orders STATEMENT:  SELECT x
	FROM y
`, `
1 2024-03-15T14:25:03.995Z info shop - | duration: 606.951 ms  execute <unnamed>: SELECT 1
2 2024-03-15T14:25:05.995Z info shop - | checkpoint starting: time
3 2024-03-15T14:25:06.995Z error shop - | column x does not exist at character 3
4-5 2024-03-15T14:25:06.995Z - shop - | SELECT x
`},
	{"Python with dashes and a traceback", `
2024-03-15 10:25:03,123 - my.module - INFO - started
2024-03-15 10:25:04,123 - my.module - ERROR - Traceback follows
Traceback (most recent call last):
  File "a.py", line 1, in <module>
ValueError: bad
2024-03-15 10:25:05,123 - other - WARNING - slow: 12 s
`, `
1 2024-03-15T10:25:03.123Z info shop - | started
2-5 2024-03-15T10:25:04.123Z error shop - | Traceback follows
6 2024-03-15T10:25:05.123Z warn shop - | slow: 12 s
`},
	{"Python with level first", `
2024-03-15 10:25:03,123 INFO my.module: started
2024-03-15 10:25:04,123 ERROR my.other: failed 12
`, `
1 2024-03-15T10:25:03.123Z info shop - | started
2 2024-03-15T10:25:04.123Z error shop - | failed 12
`},
	{"Python without times", `
WARNING:root:watch out
ERROR:app.db:connection lost
INFO:root:fine
`, `
1 - warn shop - | watch out
2 - error shop - | connection lost
3 - info shop - | fine
`},
	{"Spring Boot", `
2023-01-29 16:50:01.123  INFO 1 --- [           main] o.s.b.w.embedded.tomcat.TomcatWebServer  : Tomcat initialized with port(s): 8080 (http)
2023-01-29 16:50:01.423 ERROR 1 --- [nio-8080-exec-1] o.a.c.c.C.[.[.[/].[dispatcherServlet]    : Servlet.service() for servlet threw exception
2023-01-29 16:50:02.123  WARN 1 --- [           main] c.e.demo.App                             : slow start
`, `
1 2023-01-29T16:50:01.123Z info shop - | Tomcat initialized with port(s): 8080 (http)
2 2023-01-29T16:50:01.423Z error shop - | Servlet.service() for servlet threw exception
3 2023-01-29T16:50:02.123Z warn shop - | slow start
`},
	{"logback without date", `
14:05:06.070 [main] INFO  c.n.orders.OrderHistory - listed 21 orders
14:05:07.070 [exec-1] ERROR c.n.orders.OrderHistory - boom
`, `
1 - info shop - | listed 21 orders
2 - error shop - | boom
`},
	{"log4j thread first", `
2024-03-15 10:25:03,995 [main] ERROR com.foo.Bar - cannot connect
2024-03-15 10:25:04,995 [pool-1-thread-2] INFO  com.foo.Baz - connected
`, `
1 2024-03-15T10:25:03.995Z error shop - | cannot connect
2 2024-03-15T10:25:04.995Z info shop - | connected
`},
	{"level before time", `
ERROR [2024-03-15 10:25:03,995] [main] com.foo.Bar: cannot connect
INFO  [2024-03-15 10:25:04,995] [pool-1] com.foo.Baz: connected
`, `
1 2024-03-15T10:25:03.995Z error shop - | cannot connect
2 2024-03-15T10:25:04.995Z info shop - | connected
`},
	{"Redis", `
1:M 15 Mar 2024 10:25:03.995 * Background saving started by pid 12
1:M 15 Mar 2024 10:25:04.995 # Connection with replica lost.
1:S 15 Mar 2024 10:25:05.995 - DB 0: 12 keys
`, `
1 2024-03-15T10:25:03.995Z info shop - | Background saving started by pid 12
2 2024-03-15T10:25:04.995Z warn shop - | Connection with replica lost.
3 2024-03-15T10:25:05.995Z debug shop - | DB 0: 12 keys
`},
	{"MySQL", `
2024-03-15T10:25:03.123456Z 12 [Warning] [MY-010055] [Server] IP address could not be resolved
2024-03-15T10:25:04.123456Z 0 [System] [MY-010116] [Server] /usr/sbin/mysqld starting
2024-03-15T10:25:05.123456Z 0 [ERROR] [MY-012574] [InnoDB] Unable to lock
`, `
1 2024-03-15T10:25:03.123456Z warn shop - | IP address could not be resolved
2 2024-03-15T10:25:04.123456Z - shop - | /usr/sbin/mysqld starting
3 2024-03-15T10:25:05.123456Z error shop - | Unable to lock
`},
	{"java.util.logging on two lines", `
Mar 15, 2024 10:25:03 AM com.foo.Bar doIt
SEVERE: cannot connect
Mar 15, 2024 10:25:04 AM com.foo.Bar doIt
INFO: connected
`, `
1-2 2024-03-15T10:25:03Z error shop - | cannot connect
3-4 2024-03-15T10:25:04Z info shop - | connected
`},
	{"journald short", `
Mar 15 10:25:03 node1 systemd[1]: Started checkout.service.
Mar 15 10:25:04 node1 checkout[123]: level=error msg="x"
Mar 15 10:25:05 node1 kernel: Out of memory: Killed process 12
`, `
1 2024-03-15T10:25:03Z - systemd node1 | Started checkout.service.
2 2024-03-15T10:25:04Z error checkout node1 | x
3 2024-03-15T10:25:05Z - kernel node1 | Out of memory: Killed process 12
`},
	{"journald short-iso", `
2024-03-15T10:25:03+0000 node1 systemd[1]: Started checkout.service.
2024-03-15T10:25:04+0000 node1 checkout[123]: boom
2024-03-15T10:25:05+0000 node1 kernel: Out of memory: Killed process 12
`, `
1 2024-03-15T10:25:03Z - systemd node1 | Started checkout.service.
2 2024-03-15T10:25:04Z - checkout node1 | boom
3 2024-03-15T10:25:05Z - kernel node1 | Out of memory: Killed process 12
`},
	{"logcli", `
2024-03-15T14:37:02+01:00 {app="checkout", level="error", pod="checkout-7d9f"} connection to db refused
2024-03-15T14:37:01+01:00 {app="checkout", level="info", pod="checkout-7d9f"} served in 12 ms
2024-03-15T14:37:00+01:00 {app="cart", level="warn", note="a } \"b\""} third try
`, `
1 2024-03-15T13:37:02Z error checkout checkout-7d9f | connection to db refused
2 2024-03-15T13:37:01Z info checkout checkout-7d9f | served in 12 ms
3 2024-03-15T13:37:00Z warn cart - | third try
`},
	{"logcli after the labels that all lines have", `
Common labels: {app="checkout", namespace="shop"}
2024-03-15T14:37:02Z {pod="checkout-1"} level=error msg="connection refused"
2024-03-15T14:37:01Z {} level=info msg=served
`, `
1 - - shop - | Common labels: {app="checkout", namespace="shop"}
2 2024-03-15T14:37:02Z error shop checkout-1 | connection refused
3 2024-03-15T14:37:01Z info shop - | served
`},
	{"PostgreSQL with a prefix without blanks", `
2024-03-15 14:37:00 UTC:192.0.2.1(45678):app@orders:[1234]:ERROR:  deadlock detected
2024-03-15 14:37:00 UTC:192.0.2.1(45678):app@orders:[1234]:DETAIL:  Process 1 waits
2024-03-15 14:37:01 UTC::@:[500]:LOG:  checkpoint complete
`, `
1 2024-03-15T14:37:00Z error shop - | deadlock detected
2 2024-03-15T14:37:00Z - shop - | Process 1 waits
3 2024-03-15T14:37:01Z info shop - | checkpoint complete
`},
	{"audit system", `
type=SERVICE_STOP msg=audit(1710513420.123:45): pid=1 uid=0 msg='unit=nginx comm="systemd" hostname=? res=success'
node=web-1 type=SERVICE_START msg=audit(1710513421.123:46): pid=1 uid=0 msg='unit=nginx comm="systemd" hostname=? res=failed'
`, `
1 2024-03-15T14:37:00.123Z - shop - | SERVICE_STOP msg=audit(1710513420.123:45): pid=1 uid=0 msg='unit=nginx comm="systemd" hostname=? res=success'
2 2024-03-15T14:37:01.123Z - shop web-1 | SERVICE_START msg=audit(1710513421.123:46): pid=1 uid=0 msg='unit=nginx comm="systemd" hostname=? res=failed'
`},
	{"PHP with a zone by its place", `
[15-Mar-2024 14:37:00 Europe/Berlin] PHP Warning:  y in /b.php on line 1
[15-Jul-2024 14:37:00 Europe/Berlin] PHP Warning:  z in /b.php on line 1
`, `
1 2024-03-15T13:37:00Z warn shop - | y in /b.php on line 1
2 2024-07-15T12:37:00Z warn shop - | z in /b.php on line 1
`},
	{"a switch", `
*Mar 15 14:37:00.123: %LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down
*Mar 15 14:37:01.123: %OSPF-5-ADJCHG: Process 1, Nbr 192.0.2.2 from FULL to DOWN
`, `
1 2024-03-15T14:37:00.123Z error shop - | %LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down
2 2024-03-15T14:37:01.123Z info shop - | %OSPF-5-ADJCHG: Process 1, Nbr 192.0.2.2 from FULL to DOWN
`},
	{"a switch behind a collector", `
2024-03-15T14:37:00+00:00 core-1 123: Mar 15 14:37:00.123: %LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down
2024-03-15T14:37:01+00:00 core-2 124: Mar 15 14:37:01.123: %SYS-5-CONFIG_I: Configured from console
`, `
1 2024-03-15T14:37:00Z error shop core-1 | %LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down
2 2024-03-15T14:37:01Z info shop core-2 | %SYS-5-CONFIG_I: Configured from console
`},
	{"a firewall", `
Mar 15 14:37:00 fw1 %ASA-4-106023: Deny tcp src outside:203.0.113.5/4321 dst inside:192.0.2.5/443
Mar 15 14:37:01 fw1 : %ASA-1-104001: (Secondary) Switching to ACTIVE - mate failed
`, `
1 2024-03-15T14:37:00Z warn shop fw1 | %ASA-4-106023: Deny tcp src outside:203.0.113.5/4321 dst inside:192.0.2.5/443
2 2024-03-15T14:37:01Z fatal shop fw1 | %ASA-1-104001: (Secondary) Switching to ACTIVE - mate failed
`},
	{"a switch with the year first", `
2024 Mar 15 14:37:00 leaf1 %ETHPORT-5-IF_DOWN_LINK_FAILURE: Interface Ethernet1/1 is down (Link failure)
2024 Mar  5 14:37:02.123 leaf1 %$ VDC-1 %$ %VPC-2-PEER_KEEP_ALIVE_RECV_FAIL: peer keep-alive receive failed
`, `
1 2024-03-15T14:37:00Z info shop leaf1 | %ETHPORT-5-IF_DOWN_LINK_FAILURE: Interface Ethernet1/1 is down (Link failure)
2 2024-03-05T14:37:02.123Z fatal shop leaf1 | %VPC-2-PEER_KEEP_ALIVE_RECV_FAIL: peer keep-alive receive failed
`},
	{"a router", `
Mar 15 14:37:00  edge1 rpd[1234]: RPD_BGP_NEIGHBOR_STATE_CHANGED: BGP peer 192.0.2.1 changed state
Mar 15 14:37:01  edge1 /kernel: ge-0/0/1: link flap
`, `
1 2024-03-15T14:37:00Z - rpd edge1 | BGP peer 192.0.2.1 changed state
2 2024-03-15T14:37:01Z - kernel edge1 | link flap
`},
	{"reports of Erlang", `
=INFO REPORT==== 5-Mar-2024::14:37:00 ===
    application: shop
    exited: stopped

=ERROR REPORT==== 15-Mar-2024::14:37:01.123456 ===
** Generic server shop_worker terminating
** Reason for termination == 
** {badmatch,1}

=SUPERVISOR REPORT==== 15-Mar-2024::14:37:02 ===
    supervisor: {local,shop_sup}
    reason: killed
`, `
1-3 2024-03-05T14:37:00Z info shop - | application: shop
5-8 2024-03-15T14:37:01.123456Z error shop - | ** Generic server shop_worker terminating
10-12 2024-03-15T14:37:02Z error shop - | supervisor: {local,shop_sup}
`},
	{"the request behind the message", `
2024-03-15 14:37:00.1234|0|INFO|Shop.Web.CartController|Cart loaded|url: https://shop.example/cart|action: Get
2024-03-15 14:37:01.1234|13|ERROR|Shop.Web.CartController|Cart failed|url: https://shop.example/cart|action: Get
2024-03-15 14:37:02.1234||WARN|Microsoft.Hosting|slow |url: |action: 
`, `
1 2024-03-15T14:37:00.1234Z info shop - | Cart loaded
2 2024-03-15T14:37:01.1234Z error shop - | Cart failed
3 2024-03-15T14:37:02.1234Z warn shop - | slow
`},
	{"Ruby", `
I, [2024-03-15T14:37:00.123456 #1234]  INFO -- : Started GET "/cart"
F, [2024-03-15T14:37:01.123456 #1234] FATAL -- : connection refused
W, [2024-03-15T14:37:02.123456 #1234]  WARN -- worker: slow
`, `
1 2024-03-15T14:37:00.123456Z info shop - | Started GET "/cart"
2 2024-03-15T14:37:01.123456Z fatal shop - | connection refused
3 2024-03-15T14:37:02.123456Z warn shop - | worker: slow
`},
	{"a level with a process", `
[Mar 15 14:37:00] WARNING[1234][C-0001]: chan_sip.c:4128 retrans_pkt: Retransmission timeout reached
[Mar 15 14:37:01] ERROR[1234]: res_odbc.c:1 odbc_obj_connect: failed
`, `
1 2024-03-15T14:37:00Z warn shop - | chan_sip.c:4128 retrans_pkt: Retransmission timeout reached
2 2024-03-15T14:37:01Z error shop - | res_odbc.c:1 odbc_obj_connect: failed
`},
	{"a thread of several words before the level", `
[14:37:00] [Server thread/INFO]: Done (12.3s)!
[14:37:01] [Server thread/WARN]: Can't keep up!
`, `
1 - info shop - | Done (12.3s)!
2 - warn shop - | Can't keep up!
`},
	{"columns in brackets with the time first", `
####<Mar 15, 2024 2:37:00 PM UTC> <Error> <JDBC> <host1> <Test failed for pool "ds1">
####<Mar 15, 2024 2:37:01 PM UTC> <Notice> <WebLogicServer> <host1> <Server state changed to RUNNING>
`, `
1 2024-03-15T14:37:00Z error shop - | <JDBC> <host1> <Test failed for pool "ds1">
2 2024-03-15T14:37:01Z info shop - | <WebLogicServer> <host1> <Server state changed to RUNNING>
`},
	{"a date without zeros and century", `
[3/5/24 14:37:00:123 UTC] 00000045 ThreadMonitor W WSVR0605W: Thread hung
[3/5/24 14:37:01:123 UTC] 00000045 SystemOut     O started
`, `
1 2024-03-05T14:37:00.123Z warn shop - | WSVR0605W: Thread hung
2 2024-03-05T14:37:01.123Z - shop - | started
`},
	{"slow statements", `
/usr/sbin/mysqld, Version: 8.0.36. started with:
Time                 Id Command    Argument
# Time: 2024-03-15T14:37:00.123456Z
# User@Host: app[app] @ web-1 [192.0.2.1]  Id:    12
# Query_time: 12.345678  Lock_time: 0.000012 Rows_sent: 1  Rows_examined: 1234567
SET timestamp=1710513408;
SELECT count(*) FROM orders
WHERE state = 'open';
# Time: 2024-03-15T14:37:05.123456Z
# User@Host: app[app] @ web-1 [192.0.2.1]  Id:    13
# Query_time: 3.345678  Lock_time: 0.000012 Rows_sent: 1  Rows_examined: 1234
UPDATE orders SET a = 1;
`, `
1-2 - - shop - | /usr/sbin/mysqld, Version: 8.0.36. started with:
3-8 2024-03-15T14:37:00.123456Z - shop - | # User@Host: app[app] @ web-1 [192.0.2.1]  Id:    12
9-12 2024-03-15T14:37:05.123456Z - shop - | # User@Host: app[app] @ web-1 [192.0.2.1]  Id:    13
`},
	{"journald with what journalctl says of its own", `
-- Logs begin at Mon 2024-03-11 00:00:01 UTC, end at Fri 2024-03-15 15:00:00 UTC. --
Fri 2024-03-15 14:37:00 UTC node1 systemd[1]: Started checkout.service.
Fri 2024-03-15 14:37:01 UTC node1 checkout[123]: boom
`, `
1 - - shop - | -- Logs begin at Mon 2024-03-11 00:00:01 UTC, end at Fri 2024-03-15 15:00:00 UTC. --
2 2024-03-15T14:37:00Z - systemd node1 | Started checkout.service.
3 2024-03-15T14:37:01Z - checkout node1 | boom
`},
	{"CRI around log4j", `
2024-03-15T10:25:03.123456789Z stdout F 2024-03-15 10:25:03,123 INFO [main] a.b.C - started
2024-03-15T10:25:04.123456789Z stderr F 2024-03-15 10:25:04,123 ERROR [main] a.b.C - failed
2024-03-15T10:25:04.123456790Z stderr F java.lang.RuntimeException: x
2024-03-15T10:25:04.123456791Z stderr F 	at a.b.C.run(C.java:12)
`, `
1 2024-03-15T10:25:03.123456789Z info shop - | started
2-4 2024-03-15T10:25:04.123456789Z error shop - | failed
`},
	{"CRI around plain text", `
2024-03-15T10:25:03.123456789Z stdout F hello world
2024-03-15T10:25:04.123456789Z stdout F ERROR: bye
`, `
1 2024-03-15T10:25:03.123456789Z - shop - | hello world
2 2024-03-15T10:25:04.123456789Z error shop - | ERROR: bye
`},
	{"times before the frames of a stack trace", `
2024-03-15T10:25:03.123456789Z ERROR boom
2024-03-15T10:25:03.123456790Z 	at a.b.C.run(C.java:12)
2024-03-15T10:25:03.123456791Z 	... 12 more
2024-03-15T10:25:04.123456789Z INFO fine
`, `
1-3 2024-03-15T10:25:03.123456789Z error shop - | boom
4 2024-03-15T10:25:04.123456789Z info shop - | fine
`},
	{"Android", `
03-15 10:25:03.811  1702  2395 D WindowManager: freezing display
03-15 10:25:03.819  1702  8671 E chatty  : uid=1000 expire 3 lines
`, `
1 2024-03-15T10:25:03.811Z debug shop - | freezing display
2 2024-03-15T10:25:03.819Z error shop - | uid=1000 expire 3 lines
`},
	{"channel and level in one word", `
[2024-03-15T14:37:00.123456+00:00] app.ERROR: cannot connect [] []
[2024-03-15T14:37:01.123456+00:00] request.INFO: connected 12 {"a":1} []
`, `
1 2024-03-15T14:37:00.123456Z error shop - | cannot connect [] []
2 2024-03-15T14:37:01.123456Z info shop - | connected 12 {"a":1} []
`},
	{"level and thread before the time", `
INFO  [main] 2024-03-15 14:37:00,123 Daemon.java:507 - starting
WARN  [GC Thread 1] 2024-03-15 14:37:01,123 Inspector.java:285 - long pause
ERROR [Read Stage-2] 2024-03-15 14:37:02,123 StorageProxy.java:12 - timeout
`, `
1 2024-03-15T14:37:00.123Z info shop - | starting
2 2024-03-15T14:37:01.123Z warn shop - | long pause
3 2024-03-15T14:37:02.123Z error shop - | timeout
`},
	{"message on the second line", `
2024-03-15T14:37:00.123456+00:00
ORA-00060: deadlock detected
  more of it
2024-03-15T14:37:01.123456+00:00
Thread 1 advanced to log sequence 12
`, `
1-3 2024-03-15T14:37:00.123456Z - shop - | ORA-00060: deadlock detected
4-5 2024-03-15T14:37:01.123456Z - shop - | Thread 1 advanced to log sequence 12
`},
	{"requests", `
2024-03-15T14:37:00Z GET /v1/cart 200 12ms
2024-03-15T14:37:01Z POST /v1/cart 500 12ms
`, `
1 2024-03-15T14:37:00Z - shop - 200 | GET /v1/cart 200 12ms
2 2024-03-15T14:37:01Z - shop - 500 | POST /v1/cart 500 12ms
`},
	{"words that say what happened", `
2024-03-15 14:37:00,123 INFO spawned: 'web' with pid 12
2024-03-15 14:37:01,123 WARN exited: web (exit status 1; not expected)
`, `
1 2024-03-15T14:37:00.123Z info shop - | spawned: 'web' with pid 12
2 2024-03-15T14:37:01.123Z warn shop - | exited: web (exit status 1; not expected)
`},
	{"docker logs -t", `
2024-03-15T10:25:03.123456789Z 2024/03/15 10:25:03 listening on :8080
2024-03-15T10:25:04.123456789Z 2024/03/15 10:25:04 request failed
`, `
1 2024-03-15T10:25:03.123456789Z - shop - | listening on :8080
2 2024-03-15T10:25:04.123456789Z - shop - | request failed
`},
	{"time and level in brackets", `
[2024-03-15 10:25:03] [ERROR] cannot connect
[2024-03-15 10:25:04] [INFO] connected
`, `
1 2024-03-15T10:25:03Z error shop - | cannot connect
2 2024-03-15T10:25:04Z info shop - | connected
`},
	{"level inside the bracket of the time", `
[2024-03-15 10:25:03,123: INFO/MainProcess] Task tasks.add[1] received
[2024-03-15 10:25:04,123: ERROR/ForkPoolWorker-1] Task tasks.add[1] raised unexpected
`, `
1 2024-03-15T10:25:03.123Z info shop - | Task tasks.add[1] received
2 2024-03-15T10:25:04.123Z error shop - | Task tasks.add[1] raised unexpected
`},
	{"gunicorn", `
[2024-03-15 10:25:03 +0000] [7] [INFO] Booting worker with pid: 7
[2024-03-15 10:25:04 +0000] [1] [CRITICAL] WORKER TIMEOUT (pid:7)
`, `
1 2024-03-15T10:25:03Z info shop - | Booting worker with pid: 7
2 2024-03-15T10:25:04Z fatal shop - | WORKER TIMEOUT (pid:7)
`},
	{"Ruby", `
I, [2024-03-15T10:25:03.123456 #1234]  INFO -- : Started GET "/"
E, [2024-03-15T10:25:04.123456 #1234] ERROR -- : boom
`, `
1 2024-03-15T10:25:03.123456Z info shop - | Started GET "/"
2 2024-03-15T10:25:04.123456Z error shop - | boom
`},
	{"Elasticsearch", `
[2024-03-15T10:25:03,123][INFO ][o.e.n.Node               ] [node-1] initializing ...
[2024-03-15T10:25:04,123][WARN ][o.e.d.z.ZenDiscovery     ] [node-1] not enough master nodes
`, `
1 2024-03-15T10:25:03.123Z info shop - | initializing ...
2 2024-03-15T10:25:04.123Z warn shop - | not enough master nodes
`},
	{"Envoy", `
[2024-03-15 10:25:03.123][1][info][main] [source/server/server.cc:255] initializing epoch 0
[2024-03-15 10:25:04.123][12][critical][upstream] [source/a/b.cc:25] boom
`, `
1 2024-03-15T10:25:03.123Z info shop - | initializing epoch 0
2 2024-03-15T10:25:04.123Z fatal shop - | boom
`},
	{"Kafka", `
[2024-03-15 10:25:03,123] INFO [GroupCoordinator 1]: Preparing to rebalance group x (kafka.coordinator.group.GroupCoordinator)
[2024-03-15 10:25:04,123] ERROR [ReplicaManager broker=1] Error processing append (kafka.server.ReplicaManager)
`, `
1 2024-03-15T10:25:03.123Z info shop - | Preparing to rebalance group x (kafka.coordinator.group.GroupCoordinator)
2 2024-03-15T10:25:04.123Z error shop - | Error processing append (kafka.server.ReplicaManager)
`},
	{"level before a bar", `
2024-03-15 10:25:03.123456 I | etcdserver: published name
2024-03-15 10:25:04.123456 W | raft: lost leader
`, `
1 2024-03-15T10:25:03.123456Z info shop - | etcdserver: published name
2 2024-03-15T10:25:04.123456Z warn shop - | raft: lost leader
`},
	{"hclog", `
2024-03-15T10:25:03.123Z [INFO]  agent: Started DNS server: address=127.0.0.1:8600
2024-03-15T10:25:04.123Z [ERROR] agent.server.raft: failed to contact quorum
`, `
1 2024-03-15T10:25:03.123Z info shop - | Started DNS server: address=127.0.0.1:8600
2 2024-03-15T10:25:04.123Z error shop - | failed to contact quorum
`},
	{"Go with file names", `
2024/03/15 10:25:03 main.go:23: listening
2024/03/15 10:25:04 server.go:99: accept error: too many open files
`, `
1 2024-03-15T10:25:03Z - shop - | listening
2 2024-03-15T10:25:04Z error shop - | accept error: too many open files
`},
	{"Go", `
2024/03/15 10:25:03 listening on :8080
2024/03/15 10:25:04 request failed: EOF
`, `
1 2024-03-15T10:25:03Z - shop - | listening on :8080
2 2024-03-15T10:25:04Z error shop - | request failed: EOF
`},
	{"logrus", `
time="2024-03-15T10:25:03Z" level=info msg="listening" addr=:8080
time="2024-03-15T10:25:04Z" level=error msg="request failed" error="db down" path=/x status=500
`, `
1 2024-03-15T10:25:03Z info shop - | listening
2 2024-03-15T10:25:04Z error shop - 500 | request failed: db down
`},
	{"slog text", `
time=2024-03-15T10:25:03.123Z level=INFO msg=started service=checkout pod=checkout-7d9f8c-0abcd
time=2024-03-15T10:25:04.123Z level=WARN msg="slow request" method=GET path=/v1/feed status=200 dur=2s
`, `
1 2024-03-15T10:25:03.123Z info checkout checkout-7d9f8c-0abcd | started
2 2024-03-15T10:25:04.123Z warn shop - 200 | slow request GET /v1/feed 200
`},
	{"Heroku router", `
at=info method=GET path="/" host=x.example dyno=web.1 connect=1ms service=9ms status=200 bytes=12
at=error code=H12 desc="Request timeout" method=GET path="/slow" dyno=web.2 connect=0ms service=30000ms status=503
`, `
1 - info web web.1 200 | GET / 200
2 - error web web.2 503 | GET /slow 503
`},
	{"go-kit", `
ts=2024-03-15T10:25:03.123Z caller=main.go:12 level=info component=tsdb msg="WAL segment loaded" segment=12
ts=2024-03-15T10:25:04.123Z caller=main.go:13 level=error component=rules err="query timeout"
`, `
1 2024-03-15T10:25:03.123Z info shop - | WAL segment loaded
2 2024-03-15T10:25:04.123Z error shop - | query timeout
`},
	{"zap console", `
2024-03-15T10:25:03.123Z	INFO	controller.pod	reconcile/pod.go:12	reconciled	{"pod": "x"}
2024-03-15T10:25:04.123Z	ERROR	controller.pod	reconcile/pod.go:15	failed to reconcile	{"pod": "x"}
`, `
1 2024-03-15T10:25:03.123Z info shop - | reconciled	{"pod": "x"}
2 2024-03-15T10:25:04.123Z error shop - | failed to reconcile	{"pod": "x"}
`},
	{"Serilog", `
2024-03-15 10:25:03.123 +00:00 [INF] Now listening on: http://x
2024-03-15 10:25:04.123 +00:00 [ERR] Unhandled exception
`, `
1 2024-03-15T10:25:03.123Z info shop - | Now listening on: http://x
2 2024-03-15T10:25:04.123Z error shop - | Unhandled exception
`},
	{"service in front", `
2026-03-04T10:00:00.000Z info checkout[3]: order 12 accepted
2026-03-04T10:00:00.010Z error search[1]: shard slow
`, `
1 2026-03-04T10:00:00Z info checkout checkout[3] | order 12 accepted
2 2026-03-04T10:00:00.01Z error search search[1] | shard slow
`},
	{"Tomcat", `
15-Mar-2024 10:25:03.123 INFO [main] org.apache.catalina.startup.Catalina.start Server startup in [123] milliseconds
15-Mar-2024 10:25:04.123 SEVERE [main] org.apache.catalina.core.StandardContext.startInternal One or more listeners failed to start
`, `
1 2024-03-15T10:25:03.123Z info shop - | Server startup in [123] milliseconds
2 2024-03-15T10:25:04.123Z error shop - | One or more listeners failed to start
`},
	{"nginx error log", `
2024/03/15 10:25:03 [error] 1234#5678: *56 connect() failed (111: Connection refused) while connecting to upstream, client: 10.1.2.3
2024/03/15 10:25:04 [warn] 1234#5678: *57 upstream server temporarily disabled
`, `
1 2024-03-15T10:25:03Z error shop - | *56 connect() failed (111: Connection refused) while connecting to upstream, client: 10.1.2.3
2 2024-03-15T10:25:04Z warn shop - | *57 upstream server temporarily disabled
`},
	{"Apache error log", `
[Wed Oct 11 14:32:52.123456 2023] [core:error] [pid 35708:tid 1234] [client 1.2.3.4:555] AH00124: Request exceeded the limit
[Wed Oct 11 14:32:53.123456 2023] [mpm_event:notice] [pid 35708:tid 1234] AH00489: Apache configured
`, `
1 2023-10-11T14:32:52.123456Z error shop - | [client 1.2.3.4:555] AH00124: Request exceeded the limit
2 2023-10-11T14:32:53.123456Z info shop - | AH00489: Apache configured
`},
	{"epoch seconds", `
1710513421.250 ERROR cannot connect
1710513422.250 INFO connected
`, `
1 2024-03-15T14:37:01.25Z error shop - | cannot connect
2 2024-03-15T14:37:02.25Z info shop - | connected
`},
	{"named month, zone, stack trace", `
12 May 2024 14:05:06,070 -0400 INFO  [exec-58] c.n.orders.OrderHistory - listed 21 orders in 133 ms
12 May 2024 14:05:07,070 -0400 ERROR [exec-58] c.n.orders.OrderHistory - could not obtain connection
java.sql.SQLTransientConnectionException: checkout - Connection is not available
	at com.zaxxer.hikari.pool.HikariPool.createTimeoutException(HikariPool.java:696)
`, `
1 2024-05-12T18:05:06.07Z info shop - | listed 21 orders in 133 ms
2-4 2024-05-12T18:05:07.07Z error shop - | could not obtain connection
`},
	{"plain text with indented lines", `
starting up
  with details
listening
`, `
1-2 - - shop - | starting up
3 - - shop - | listening
`},
	{"levels without times", `
[INFO] 10.1.1.1:33 - 123 "A IN example.org. udp 41 false 512" NOERROR qr,rd,ra 70 0.01s
[ERROR] plugin/errors: 2 example.org. A: read udp timeout
`, `
1 - info shop - | 10.1.1.1:33 - 123 "A IN example.org. udp 41 false 512" NOERROR qr,rd,ra 70 0.01s
2 - error shop - | plugin/errors: 2 example.org. A: read udp timeout
`},
}
