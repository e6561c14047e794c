package jsonlog_test

// shapes are JSON logs as many loggers write them, with what should be read.
var shapes = []struct{ name, in, want string }{
	{"usual names", `
{"ts":"2024-03-15T14:25:03.1Z","level":"info","service":"cart","pod":"cart-7d9f8c-0abcd","trace_id":"ab12","span_id":"cd34","msg":"item added"}
`, `
1 2024-03-15T14:25:03.1Z info cart cart-7d9f8c-0abcd ab12/cd34 | item added
`},
	{"requests", `
{"ts":"2024-03-15T14:25:03Z","level":"info","service":"cart","msg":"request","path":"/v1/cart?x=1","status":200,"duration_ms":5}
{"ts":"2024-03-15T14:25:04Z","level":"error","service":"cart","msg":"request failed","path":"/v1/cart","status":500,"error":"db: no such column"}
{"ts":"2024-03-15T14:25:05Z","level":"error","service":"cart","msg":"request failed","method":"POST","path":"/v1/cart","status":502}
`, `
1 2024-03-15T14:25:03Z info cart - 200 | request /v1/cart 200
2 2024-03-15T14:25:04Z error cart - 500 | request failed: db: no such column
3 2024-03-15T14:25:05Z error cart - 502 | request failed POST /v1/cart 502
`},
	{"Elastic Common Schema, dotted", `
{"@timestamp":"2024-03-15T14:25:03.123Z","log.level":"ERROR","service.name":"cart","trace.id":"ab","span.id":"cd","host.name":"n1","message":"boom","http.response.status_code":503}
`, `
1 2024-03-15T14:25:03.123Z error cart n1 ab/cd 503 | boom
`},
	{"Elastic Common Schema, nested", `
{"@timestamp":"2024-03-15T14:25:03.123Z","log":{"level":"warn","logger":"x"},"service":{"name":"cart"},"trace":{"id":"ab"},"span":{"id":"cd"},"kubernetes":{"pod":{"name":"cart-0"}},"message":"slow","error":{"message":"timeout","stack_trace":"a\n\tb"}}
`, `
1 2024-03-15T14:25:03.123Z warn cart cart-0 ab/cd | slow: timeout
`},
	{"journald, a message that is no text", `
{"__REALTIME_TIMESTAMP":"1710512703123456","PRIORITY":"3","_HOSTNAME":"web-1","SYSLOG_IDENTIFIER":"cart","MESSAGE":"failed"}
{"__REALTIME_TIMESTAMP":"1710512704123456","PRIORITY":"6","_HOSTNAME":"web-1","SYSLOG_IDENTIFIER":"cart","MESSAGE":[27,91,51,49,109,83,116,111,112,27,91,48,109]}
{"__REALTIME_TIMESTAMP":"1710512705123456","PRIORITY":"6","_HOSTNAME":"web-1","SYSLOG_IDENTIFIER":"cart","MESSAGE":"ok"}
`, `
1 2024-03-15T14:25:03.123456Z error cart web-1 | failed
2 2024-03-15T14:25:04.123456Z info cart web-1 | Stop
3 2024-03-15T14:25:05.123456Z info cart web-1 | ok
`},
	{"Datadog, whose records are of a type", `
{"id":"A","type":"log","attributes":{"timestamp":"2024-03-15T14:25:03.123Z","host":"web-1","service":"cart","status":"error","message":"failed"}}
`, `
1 2024-03-15T14:25:03.123Z error cart web-1 | failed
`},
	{"Azure", `
{"TableName":"PrimaryResult","TimeGenerated":"2024-03-15T14:25:03.123Z","LogEntry":"ERROR failed","AppRoleName":"cart"}
{"time":"2024-03-15T14:25:04.1234567Z","resourceId":"/SUBSCRIPTIONS/X","category":"AppServiceConsoleLogs","level":"Error","resultDescription":"failed"}
`, `
1 2024-03-15T14:25:03.123Z error cart - | ERROR failed
2 2024-03-15T14:25:04.1234567Z error shop - | failed
`},
	{"zap", `
{"level":"info","ts":1710512703.123,"logger":"shop","caller":"a/b.go:12","msg":"started"}
{"level":"dpanic","ts":1710512704.5,"caller":"a/b.go:12","msg":"odd","error":"nil"}
`, `
1 2024-03-15T14:25:03.123Z info shop - | started
2 2024-03-15T14:25:04.5Z fatal shop - | odd
`},
	{"logrus", `
{"level":"warning","msg":"slow","time":"2024-03-15T10:25:03-04:00","app":"cart"}
`, `
1 2024-03-15T14:25:03Z warn cart - | slow
`},
	{"bunyan", `
{"name":"cart","hostname":"n1","pid":12,"level":50,"msg":"failed","err":{"message":"refused","name":"Error","stack":"Error: refused\n at x"},"time":"2024-03-15T14:25:03.123Z","v":0}
`, `
1 2024-03-15T14:25:03.123Z error cart n1 | failed: refused
`},
	{"pino", `
{"level":30,"time":1710512703123,"pid":1,"hostname":"cart-7d9f8c-0abcd","req":{"method":"GET","url":"/v1/cart?x=1"},"res":{"statusCode":200},"msg":"request completed"}
`, `
1 2024-03-15T14:25:03.123Z info shop cart-7d9f8c-0abcd 200 | request completed GET /v1/cart 200
`},
	{"slog", `
{"time":"2024-03-15T14:25:03.123456789Z","level":"WARN","msg":"low stock","service":"cart","sku":{"id":1}}
`, `
1 2024-03-15T14:25:03.123456789Z warn cart - | low stock
`},
	{"Serilog compact", `
{"@t":"2024-03-15T14:25:03.1234567Z","@mt":"Order {Id} failed","@m":"Order 12 failed","@l":"Error","Id":12,"@x":"System.Exception: boom\n   at X"}
`, `
1 2024-03-15T14:25:03.1234567Z error shop - | Order 12 failed: System.Exception: boom
`},
	{"Serilog", `
{"Timestamp":"2024-03-15T14:25:03.1234567+00:00","Level":"Information","MessageTemplate":"Started {A}","RenderedMessage":"Started shop","Properties":{"Application":"cart"}}
`, `
1 2024-03-15T14:25:03.1234567Z info cart - | Started shop
`},
	{"GELF", `
{"version":"1.1","host":"n1","short_message":"cannot connect","timestamp":1710512703.5,"level":3,"_service":"cart"}
`, `
1 2024-03-15T14:25:03.5Z error cart n1 | cannot connect
`},
	{"Google Cloud Logging", `
{"insertId":"x","jsonPayload":{"message":"quota exceeded","code":429},"resource":{"type":"k8s_container","labels":{"pod_name":"cart-7d9f8c-0abcd","container_name":"app"}},"timestamp":"2024-03-15T14:25:03.123Z","severity":"ERROR","trace":"projects/p/traces/ab12"}
{"insertId":"y","textPayload":"ready\n","resource":{"type":"k8s_container","labels":{"pod_name":"cart-7d9f8c-0abcd"}},"timestamp":"2024-03-15T14:25:04Z","severity":"INFO"}
`, `
1 2024-03-15T14:25:03.123Z error cart cart-7d9f8c-0abcd ab12/ 429 | quota exceeded
2 2024-03-15T14:25:04Z info cart cart-7d9f8c-0abcd | ready
`},
	{"OpenTelemetry", `
{"timeUnixNano":"1710512703123456789","severityNumber":17,"severityText":"","body":{"stringValue":"boom"},"resource":{"service.name":"cart"},"traceId":"ab","spanId":"cd"}
`, `
1 2024-03-15T14:25:03.123456789Z error cart - ab/cd | boom
`},
	{"MongoDB", `
{"t":{"$date":"2024-03-15T14:25:03.123+00:00"},"s":"W","c":"NETWORK","id":22943,"ctx":"listener","msg":"Connection ended","attr":{"remote":"10.1.2.3:33"}}
`, `
1 2024-03-15T14:25:03.123Z warn shop - | Connection ended
`},
	{"journald", `
{"__REALTIME_TIMESTAMP":"1710512703123456","PRIORITY":"3","_HOSTNAME":"n1","SYSLOG_IDENTIFIER":"cart","_PID":"12","MESSAGE":"cannot connect"}
`, `
1 2024-03-15T14:25:03.123456Z error cart n1 | cannot connect
`},
	{"PostgreSQL", `
{"timestamp":"2024-03-15 14:25:03.123 UTC","user":"app","dbname":"orders","pid":12,"error_severity":"ERROR","state_code":"57014","message":"canceling statement","application_name":"web","backend_type":"client backend"}
{"timestamp":"2024-03-15 14:25:04.123 UTC","pid":13,"error_severity":"LOG","message":"checkpoint starting: time","backend_type":"checkpointer"}
`, `
1 2024-03-15T14:25:03.123Z error web - | canceling statement
2 2024-03-15T14:25:04.123Z info shop - | checkpoint starting: time
`},
	{"structlog", `
{"event":"order placed","level":"info","logger":"shop.views","timestamp":"2024-03-15T14:25:03.123456Z"}
`, `
1 2024-03-15T14:25:03.123456Z info shop - | order placed
`},
	{"Docker around plain text and a stack trace", `
{"log":"2024-03-15 14:25:03,123 ERROR [main] a.b.C - boom\n","stream":"stderr","time":"2024-03-15T14:25:03.123456789Z"}
{"log":"\tat a.b.C.run(C.java:12)\n","stream":"stderr","time":"2024-03-15T14:25:03.123456790Z"}
{"log":"2024-03-15 14:25:04,123 INFO [main] a.b.C - fine\n","stream":"stdout","time":"2024-03-15T14:25:04.123456789Z"}
`, `
1-2 2024-03-15T14:25:03.123456789Z error shop - | boom
3 2024-03-15T14:25:04.123456789Z info shop - | fine
`},
	{"Docker around JSON", `
{"log":"{\"level\":\"error\",\"service\":\"cart\",\"msg\":\"caf\\u00e9 closed\",\"ts\":\"2024-03-15T14:00:00Z\"}\n","stream":"stdout","time":"2024-03-15T14:25:03.5Z"}
`, `
1 2024-03-15T14:25:03.5Z error cart - | café closed
`},
	{"Docker around logfmt", `
{"log":"level=warn msg=\"low stock\" service=cart\n","stream":"stdout","time":"2024-03-15T14:25:03.5Z"}
`, `
1 2024-03-15T14:25:03.5Z warn cart - | low stock
`},
	{"CRI around JSON", `
2024-03-15T14:25:03.123456789Z stdout F {"level":"info","msg":"ready","service":"cart"}
2024-03-15T14:25:04.123456789Z stdout F {"level":"error","msg":"boom","service":"cart","ts":"2024-03-15T14:25:04.100Z"}
`, `
1 2024-03-15T14:25:03.123456789Z info cart - | ready
2 2024-03-15T14:25:04.1Z error cart - | boom
`},
	{"CRI around JSON with blanks and a time first", `
2024-03-15T14:25:03.123456789Z stdout F {"ts": "2024-03-15T14:25:03.100Z", "level": "info", "service": "cart", "msg": "ready"}
2024-03-15T14:25:04.123456789Z stdout F {"ts": "2024-03-15T14:25:04.100Z", "level": "error", "service": "cart", "msg": "boom"}
`, `
1 2024-03-15T14:25:03.1Z info cart - | ready
2 2024-03-15T14:25:04.1Z error cart - | boom
`},
	{"syslog around JSON", `
Mar 15 14:25:03 n1 cart[12]: {"level":"info","msg":"ready"}
Mar 15 14:25:04 n1 cart[12]: {"level":"error","msg":"boom"}
`, `
1 2024-03-15T14:25:03Z info cart n1 | ready
2 2024-03-15T14:25:04Z error cart n1 | boom
`},
	{"syslog around JSON and text", `
Mar 15 14:25:03 n1 cart[12]: {"level":"info","msg":"ready"}
Mar 15 14:25:04 n1 cart[12]: {"level":"error","msg":"boom"}
Mar 15 14:25:05 n1 sshd[34]: Accepted publickey for ops
`, `
1 2024-03-15T14:25:03Z info cart n1 | ready
2 2024-03-15T14:25:04Z error cart n1 | boom
3 2024-03-15T14:25:05Z - sshd n1 | Accepted publickey for ops
`},
	{"logcli", `
{"labels":{"app":"cart","pod":"cart-7d9f8c-0abcd"},"line":"level=error msg=\"no stock\" path=/v1/cart status=409","timestamp":"2024-03-15T14:25:03.5Z"}
`, `
1 2024-03-15T14:25:03.5Z error cart cart-7d9f8c-0abcd 409 | no stock /v1/cart 409
`},
	{"VictoriaLogs", `
{"_time":"2024-03-15T14:25:03Z","_stream":"{app=\"cart\"}","_msg":"level=error msg=\"no stock\"","app":"cart"}
`, `
1 2024-03-15T14:25:03Z error cart - | no stock
`},
	{"Splunk export", `
{"preview":false,"result":{"_time":"2024-03-15T14:25:03.000+00:00","_raw":"2024-03-15 14:25:03,000 WARN [x] a.b.C - slow","host":"n1"}}
`, `
1 2024-03-15T14:25:03Z warn shop n1 | slow
`},
	{"a raw line with a clock elsewhere", `
{"ts":"2024-03-15T09:35:38.387636821Z","service":"orders","pod":"orders-5b67c48447-mv5hb","trace_id":"0493","span_id":"8826","message":"17:35:38.386 INFO  o.s.OrderService#365 TraceID: 0493 SpanID: 8826 [getOrder][Get Order Success][OrderId: a994]"}
{"ts":"2024-03-15T09:35:39.387636821Z","service":"orders","pod":"orders-5b67c48447-mv5hb","trace_id":"0493","span_id":"8826","message":"2024-03-15 17:35:39.123 ERROR 1 --- [exec-1] o.s.OrderService : cannot order"}
`, `
1 2024-03-15T09:35:38.387636821Z info orders orders-5b67c48447-mv5hb 0493/8826 | [getOrder][Get Order Success][OrderId: a994]
2 2024-03-15T09:35:39.387636821Z error orders orders-5b67c48447-mv5hb 0493/8826 | cannot order
`},
	{"level in the message", `
{"ts":"2024-03-15T14:25:03Z","service":"cart","msg":"ERROR cannot connect"}
{"ts":"2024-03-15T14:25:04Z","service":"cart","msg":"connected: 3 peers"}
`, `
1 2024-03-15T14:25:03Z error cart - | ERROR cannot connect
2 2024-03-15T14:25:04Z - cart - | connected: 3 peers
`},
	{"web access", `
{"time_iso8601":"2024-03-15T14:25:03+00:00","remote_addr":"10.1.2.3","request":"GET /v1/cart?x=1 HTTP/1.1","status":"502","request_time":"0.123","http_user_agent":"x"}
{"time_iso8601":"2024-03-15T14:25:04+00:00","remote_addr":"10.1.2.3","request":"GET /v1/cart HTTP/1.1","status":"200","request_time":"0.123","http_user_agent":"x"}
`, `
1 2024-03-15T14:25:03Z - shop - 502 | GET /v1/cart 502
2 2024-03-15T14:25:04Z - shop - 200 | GET /v1/cart 200
`},
	{"no message", `
{"ts":"2024-03-15T14:25:03Z","level":"info","service":"cart","action":"checkout","items":3,"nested":{"a":1},"note":"two\nlines"}
`, `
1 2024-03-15T14:25:03Z info cart - | action=checkout items=3 note=two
`},
	{"an array on lines", `
[
{"ts":"2024-03-15T14:25:03Z","level":"info","msg":"a"},
{"ts":"2024-03-15T14:25:04Z","level":"info","msg":"b"}
]
`, `
2 2024-03-15T14:25:03Z info shop - | a
3 2024-03-15T14:25:04Z info shop - | b
`},
	{"an array", `
[{"timestamp": "2024-03-15T14:25:03Z", "severity": "ERROR",
  "jsonPayload": {"message": "boom"}},
 {"timestamp": "2024-03-15T14:25:04Z", "severity": "INFO", "textPayload": "fine"}]
`, `
1-2 2024-03-15T14:25:03Z error shop - | boom
3 2024-03-15T14:25:04Z info shop - | fine
`},
	{"indented objects one after another", `
{
  "time": "2024-03-15T14:25:03Z",
  "level": "warn",
  "msg": "slow"
}
{
  "time": "2024-03-15T14:25:04Z",
  "level": "info",
  "msg": "fine"
}
`, `
1-5 2024-03-15T14:25:03Z warn shop - | slow
6-10 2024-03-15T14:25:04Z info shop - | fine
`},
	{"CloudWatch", `
{
  "events": [
    {"timestamp": 1710512703123, "message": "START RequestId: x", "ingestionTime": 1710512703999},
    {"timestamp": 1710512704123, "message": "2024-03-15T14:25:04.123Z ERROR cannot connect", "ingestionTime": 1710512704999}
  ]
}
`, `
3 2024-03-15T14:25:03.123Z - shop - | START RequestId: x
4 2024-03-15T14:25:04.123Z error shop - | cannot connect
`},
	{"Datadog", `
{"data": [{"id": "A", "type": "log", "attributes": {"timestamp": "2024-03-15T14:25:03Z", "status": "error", "service": "cart", "host": "n1", "message": "boom", "attributes": {"http": {"status_code": 500}}}}]}
`, `
1 2024-03-15T14:25:03Z error cart n1 500 | boom
`},
	{"Loki", `
{"status":"success","data":{"resultType":"streams","result":[{"stream":{"service_name":"cart","pod":"cart-0","detected_level":"warn"},"values":[["1710512703000000002","plain words"],["1710512704000000002","level=error msg=\"no stock\" trace_id=ab"],["1710512705000000002","{\"msg\":\"json\",\"level\":\"info\"}"]]}]}}
`, `
1 2024-03-15T14:25:03.000000002Z warn cart cart-0 | plain words
1 2024-03-15T14:25:04.000000002Z error cart cart-0 ab/ | no stock
1 2024-03-15T14:25:05.000000002Z info cart cart-0 | json
`},
	{"requests in Azure's resource logs", `
{"time":"2024-03-15T14:25:03Z","resourceId":"/SUBSCRIPTIONS/0/RESOURCEGROUPS/SHOP/PROVIDERS/MICROSOFT.WEB/SITES/CART","category":"AppServiceHTTPLogs","Host":"RD0003","properties":"{\"CsHost\":\"cart.example.net\",\"CsUriStem\":\"/api/items\",\"CsUriQuery\":\"page=2\",\"CsMethod\":\"GET\",\"TimeTaken\":4012,\"ScStatus\":\"503\"}"}
{"time":"2024-03-15T14:25:04Z","resourceId":"/SUBSCRIPTIONS/0/RESOURCEGROUPS/SHOP/PROVIDERS/MICROSOFT.NETWORK/APPLICATIONGATEWAYS/GW","category":"ApplicationGatewayAccessLog","properties":{"instanceId":"gw_1","httpMethod":"POST","requestUri":"/api/items","httpStatus":502,"timeTaken":30.03}}
{"time":"2024-03-15T14:25:05Z","resourceId":"/SUBSCRIPTIONS/0/RESOURCEGROUPS/SHOP/PROVIDERS/MICROSOFT.WEB/SITES/CART","category":"AppServiceHTTPLogs","properties":"{\"CsMethod\":\"GET\",\"ScStatus"}
`, `
1 2024-03-15T14:25:03Z - cart RD0003 503 | GET /api/items 503
2 2024-03-15T14:25:04Z - gw gw_1 502 | POST /api/items 502
3 2024-03-15T14:25:05Z - cart - | category=AppServiceHTTPLogs properties={"CsMethod":"GET","ScStatus
`},
	{"requests alone in an array", `
[{"httpRequest": {"requestMethod": "GET", "requestUrl": "https://shop.example.net/items?x=1", "status": 502}, "resource": {"type": "http_load_balancer", "labels": {"backend_service_name": "cart"}}, "timestamp": "2024-03-15T14:25:03Z", "severity": "WARNING"}]
`, `
1 2024-03-15T14:25:03Z warn cart - 502 | GET https://shop.example.net/items 502
`},
	{"Vault, what was asked and a list of errors", `
{"time":"2024-03-15T14:25:03Z","type":"response","request":{"id":"0a1b","operation":"read","path":"secret/data/cart"},"error":"1 error occurred:\n\t* permission denied\n\n"}
`, `
1 2024-03-15T14:25:03Z - shop - 0a1b/ | read secret/data/cart: permission denied
`},
	{"a service by the file of the log", `
{"result":{"_raw":"2024-03-15 14:25:03,123 ERROR [main] c.e.Items - no stock","_time":"2024-03-15T14:25:03.123+00:00","host":"web1","source":"/var/log/cart/app.log"}}
{"@timestamp":"2024-03-15T14:25:04Z","message":"ERROR no stock","log.file.path":"C:\\logs\\orders.log.1"}
{"@timestamp":"2024-03-15T14:25:05Z","level":"error","message":"no stock","filename":"views/items.py"}
`, `
1 2024-03-15T14:25:03.123Z error cart web1 | no stock
2 2024-03-15T14:25:04Z error orders - | ERROR no stock
3 2024-03-15T14:25:05Z error shop - | no stock
`},
	{"Traefik, whose services name their provider", `
{"DownstreamStatus":502,"RequestMethod":"GET","RequestPath":"/items","ServiceName":"cart@docker","StartUTC":"2024-03-15T14:25:03Z","level":"info","msg":""}
`, `
1 2024-03-15T14:25:03Z info cart - 502 | GET /items 502
`},
	{"Cloudflare", `
{"ClientIP":"192.0.2.5","ClientRequestHost":"shop.example","ClientRequestMethod":"GET","ClientRequestURI":"/items?x=1","EdgeEndTimestamp":"2024-03-15T14:25:04Z","EdgeResponseStatus":522,"EdgeStartTimestamp":"2024-03-15T14:25:03Z","OriginResponseStatus":0}
{"ClientIP":"192.0.2.5","ClientRequestHost":"shop.example","ClientRequestMethod":"GET","ClientRequestURI":"/","EdgeResponseStatus":200,"EdgeStartTimestamp":1710512704000000000}
`, `
1 2024-03-15T14:25:03Z - shop - 522 | GET /items 522
2 2024-03-15T14:25:04Z - shop - 200 | GET / 200
`},
	{"API Gateway of AWS", `
{"requestId":"a-1","ip":"192.0.2.5","requestTime":"15/Mar/2024:14:25:03 +0000","httpMethod":"GET","resourcePath":"/items","status":"504","integrationError":"Endpoint request timed out"}
{"requestId":"a-2","ip":"192.0.2.5","requestTime":"15/Mar/2024:14:25:04 +0000","httpMethod":"GET","resourcePath":"/items","status":"200","integrationError":"-"}
`, `
1 2024-03-15T14:25:03Z - shop - a-1/ 504 | GET /items 504: Endpoint request timed out
2 2024-03-15T14:25:04Z - shop - a-2/ 200 | GET /items 200
`},
	{"Akamai", `
{"version":1,"reqTimeSec":"1710512703.123","statusCode":"503","proto":"HTTPS","reqHost":"shop.example","reqMethod":"GET","reqPath":"/items"}
`, `
1 2024-03-15T14:25:03.123Z - shop - 503 | GET /items 503
`},
	{"text among objects to which kubectl logs --timestamps gave times", `
2024-03-15T14:25:01.123456789Z {"level":"error","msg":"no stock"}
2024-03-15T14:25:02.123456789Z Traceback (most recent call last):
2024-03-15T14:25:02.223456789Z   File "a.py", line 1, in b
2024-03-15T14:25:02.323456789Z ValueError: x
2024-03-15T14:25:03.123456789Z {"level":"info","msg":"restarted"}
2024-03-15T14:25:03.223456789Z {"level":"info","msg":"listening"}
2024-03-15T14:25:04.123456789Z WARNING: low on memory
2024-03-15T14:25:05.123456789Z {"level":"info","msg":"done"}
`, `
1 2024-03-15T14:25:01.123456789Z error shop - | no stock
2-4 2024-03-15T14:25:02.123456789Z - shop - | Traceback (most recent call last):
5 2024-03-15T14:25:03.123456789Z info shop - | restarted
6 2024-03-15T14:25:03.223456789Z info shop - | listening
7 2024-03-15T14:25:04.123456789Z warn shop - | WARNING: low on memory
8 2024-03-15T14:25:05.123456789Z info shop - | done
`},
	{"requests of Application Insights", `
{"timestamp":"2024-03-15T14:25:03Z","name":"GET /items","resultCode":"503","success":"False","duration":30000,"itemType":"request","cloud_RoleName":"cart"}
`, `
1 2024-03-15T14:25:03Z - cart - 503 | GET /items 503
`},
}
