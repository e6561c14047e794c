package textlog_test

// platforms are logs of servers and platforms, with what should be read.
var platforms = []struct{ name, in, want string }{
	{"WebSphere", `
************ Start Display Current Environment ************
WebSphere Platform 8.5.5.18 running with process name server1
[3/15/24 14:37:00:123 UTC] 0000000a WSVRComponent A   WSVR0001I: Server server1 open for e-business
[3/15/24 14:37:01:123 UTC] 0000003c ThreadMonitor W   WSVR0605W: Thread "WebContainer : 4" may be hung.
[3/15/24 14:37:02:123 UTC] 0000003d FreePool      E   J2CA0045E: Connection not available
[3/15/24 14:37:03:123 UTC] 0000003d SystemOut     O ERROR: no stock
[3/15/24 14:37:04:123 UTC] 0000003d SystemErr     R java.lang.NullPointerException
[3/15/24 14:37:04:123 UTC] 0000003d SystemErr     R 	at com.example.Shop.order(Shop.java:12)
`, `
1-2 - - shop - | ************ Start Display Current Environment ************
3 2024-03-15T14:37:00.123Z info shop - | WSVR0001I: Server server1 open for e-business
4 2024-03-15T14:37:01.123Z warn shop - | WSVR0605W: Thread "WebContainer : 4" may be hung.
5 2024-03-15T14:37:02.123Z error shop - | J2CA0045E: Connection not available
6 2024-03-15T14:37:03.123Z error shop - | ERROR: no stock
7-8 2024-03-15T14:37:04.123Z error shop - | java.lang.NullPointerException
`},
	{"WebSphere Liberty", `
[3/15/24, 14:37:00:123 UTC] 00000001 com.ibm.ws.kernel.launch.internal.FrameworkManager           A CWWKE0001I: The server shop has been launched.
[3/15/24, 14:37:01:123 UTC] 0000002a com.ibm.ws.webcontainer.osgi.webapp.WebApp                   E SRVE0777E: Exception thrown
`, `
1 2024-03-15T14:37:00.123Z info shop - | CWWKE0001I: The server shop has been launched.
2 2024-03-15T14:37:01.123Z error shop - | SRVE0777E: Exception thrown
`},
	{"Heroku", `
2024-03-15T14:37:01.123456+00:00 heroku[router]: at=error code=H12 desc="Request timeout" method=GET path="/items" host=shop.example.net dyno=web.1 service=30001ms status=503 bytes=0
2024-03-15T14:37:02.123456+00:00 app[web.1]: Error: connect ECONNREFUSED 10.0.0.1:5432
2024-03-15T14:37:03.123456+00:00 app[worker.2]: job 12 done
2024-03-15T14:37:04.123456+00:00 heroku[web.1]: State changed from up to crashed
`, `
1 2024-03-15T14:37:01.123456Z error web web.1 503 | GET /items 503
2 2024-03-15T14:37:02.123456Z error web web.1 | Error: connect ECONNREFUSED 10.0.0.1:5432
3 2024-03-15T14:37:03.123456Z - worker worker.2 | job 12 done
4 2024-03-15T14:37:04.123456Z - web web.1 | State changed from up to crashed
`},
	{"Heroku, drained by Logplex", `
156 <158>1 2024-03-15T14:37:01.123456+00:00 host heroku router - at=error code=H10 desc="App crashed" method=GET path="/items" dyno=web.1 status=503
85 <190>1 2024-03-15T14:37:02.123456+00:00 host app web.1 - Error: connect ECONNREFUSED
89 <45>1 2024-03-15T14:37:04.123456+00:00 host heroku web.1 - State changed from up to crashed
`, `
1 2024-03-15T14:37:01.123456Z error web web.1 503 | GET /items 503
2 2024-03-15T14:37:02.123456Z error web web.1 | connect ECONNREFUSED
3 2024-03-15T14:37:04.123456Z - web web.1 | State changed from up to crashed
`},
	{"Cassandra, the level before the time and a trace", `
INFO  [main] 2024-03-15 14:37:01,123 CassandraDaemon.java:507 - Hostname: cass1
ERROR [MutationStage-1] 2024-03-15 14:37:03,123 StorageProxy.java:1300 - Failed to apply mutation
java.lang.RuntimeException: disk full
	at org.apache.cassandra.X(Y.java:1)
`, `
1 2024-03-15T14:37:01.123Z info shop - | Hostname: cass1
2-4 2024-03-15T14:37:03.123Z error shop - | Failed to apply mutation
`},
	{"Heroku, as Papertrail shows it", `
Mar 15 14:37:01 checkout app/web.1: ERROR no stock
Mar 15 14:37:02 checkout heroku/router: at=info method=GET path="/items" dyno=web.1 status=200
Mar 15 14:37:03 checkout app/worker.1: job 12 done
`, `
1 2024-03-15T14:37:01Z error web web.1 | no stock
2 2024-03-15T14:37:02Z info web web.1 200 | GET /items 200
3 2024-03-15T14:37:03Z - worker worker.1 | job 12 done
`},
}
