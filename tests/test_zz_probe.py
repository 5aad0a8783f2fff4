"""Attack probes in a scratch test file run with pytest."""
import json
from uuid import uuid4
import pytest
from django.test import Client
from django.urls import reverse
from tests.cast import MORNING, Town

HUGE="9"*5000
VALS=["\0","²","9"*25,HUGE,"-1","0001-01-01","9999-12-31","%","<script>","x\ny","round:²","round:"+HUGE,"round:\0","duty:\0","duty:","none","٣","nan","2022-07-22T00:00","Infinity"]
PARAMS=["q","page","of","show","unit","grid","day","from","to","at","enterprise","status","shift","verb","actor","role","held","name","upload","kind0","mapping","point","round","tube","person","answers","kind","format","who","both"]
PAGES=["today","wall","no-grid","names","brief","imports","mapping","roster-export","people","show-number","units","bodies","charges","rounds","round-open","scan","rules","journal","look-ups","accounts","invite"]
def test_get(town,this_morning,other_town):
    c=Client(raise_request_exception=False); c.force_login(town.users["lin"])
    bad={}
    addresses=[reverse(n,kwargs={"park":town.park.uid}) for n in PAGES]
    addresses+=[reverse("figure",kwargs={"park":town.park.uid,"key":k}) for k in ("screening.person_tests","registry.people")]
    addresses+=[reverse("grid",kwargs={"park":town.park.uid,"grid":town.grids["第1网格"].pk}),reverse("unit",kwargs={"park":town.park.uid,"unit":town.firms["东风木业有限公司"].uid}),reverse("round",kwargs={"park":town.park.uid,"number":1}),reverse("rule-pack",kwargs={"park":town.park.uid,"key":"cn-2022-v9"}),
      reverse("person",kwargs={"park":town.park.uid,"person":town.people["吴强"].uid})]
    for a in addresses:
        for p in PARAMS:
            for v in VALS:
                try: r=c.get(a,{p:v} if p!="both" else {"from":v,"to":v})
                except Exception as e: bad.setdefault((a.split("/",3)[3],p,v[:20],type(e).__name__+str(e)[:60]),1); continue
                if r.status_code>=500: bad[(a.split("/",3)[3],p,v[:20],repr(getattr(r,"exc_info",[None,None])[1])[:100])]=1
    for k in bad: print("BAD",k)
    # API gets
    for op,params in [("registry/people",{"q":1,"day":1,"page":1,"park":1}),("screening/rounds",{"park":1,"at":1}),("briefs/figures",{"park":1,"first":1,"last":1}),("briefs/figures/screening.rounds/rows",{"park":1,"first":1,"last":1,"reason":1}),("briefs/rounds/1/gap",{"at":1,"park":1,"reason":1}),("briefs/rounds/99999999999999999999999/gap",{}),("briefs/rounds/-1/gap",{}),("briefs/duties/x/gap",{"at":1}),("standing/people/x",{}),("registry/people/x/answering",{}),("nope",{}),(f"registry/people/{town.people['吴强'].uid}/answering",{"day":1}),("briefs/figures/%00/rows",{}),("briefs/duties/%00/gap",{})]:
        base={"park":str(town.park.uid),"first":"2022-07-22","last":"2022-07-22"}
        for p in list(params)+["-","fl"]:
            for v in VALS:
                g={**base,p:v} if p!="fl" else {**base,"first":v,"last":v}
                r=c.get("/api/v1/"+op,g)
                ok=r.headers["content-type"].startswith("application/json") and (r.status_code<400 or {"refused","message"}<=set(r.json()))
                if r.status_code>=500 or not ok: print("APIGET",op,p,v[:20],r.status_code,r.content[:100],repr((getattr(r,"exc_info",None) or [0,0])[1])[:80])
                if p=="-": break
        if c.post("/api/v1/"+op,{},content_type="application/json").status_code not in(404,): 
            r=c.post("/api/v1/"+op,{},content_type="application/json"); print("POST",op,r.status_code,r.content[:100])
def test_api_posts(town,this_morning,other_town):
    c=Client(raise_request_exception=False); c.force_login(town.users["lin"])
    ops=["screening/scans","screening/rounds","screening/tubes/SY0001/seal","screening/tubes/%00/seal","screening/results","duties/evidence","duties/excuses"]
    bodies=[b"{",b"[]",b"null",b"1",b'"x"',b"\xff\xfe",b'{"scans": null}',b'{"scans":[1]}',b'{"a":'*3000,b'[' *100000,b'{"scans":[{}],"results":[{}],"evidence":[{}]}',
     json.dumps({"park":"\0"}).encode(),json.dumps({"park":"x"*100000,"scans":[]}).encode(),json.dumps({"scans":[],"results":[],"evidence":[]}).encode(),
     json.dumps({"scans":[{"scan_id":"a"}]*501,"results":[{}]*501,"evidence":[{}]*501}).encode(),
     json.dumps({"scans":[{"scan_id":"\0","round":1,"tube":"\0","point":"\0","resident_id":"\0"},{"scan_id":"a","round":10**30,"tube":"SY0001","resident_id":"1"},{"scan_id":"a","round":-1,"tube":"SY0001","resident_id":"1"},{"scan_id":"b","round":1,"tube":"SY0001","resident_id":"1","sampled_at":"9999-12-31T23:59:59-12:00"},{"scan_id":"c","round":1,"tube":"SY0001","resident_id":"1","position":10**30},{"scan_id":"d\ud800","round":1,"tube":"SY0001","resident_id":"\ud800"},{"scan_id":"e","round":1,"tube":"SY0001","lot":"\ud800"}]}).encode(),
     json.dumps({"results":[{"tube":"\0","value":"\0","reported_at":"0001-01-01"},{"tube":"SY0001","value":"negative","reported_at":"9999-12-31","swabs":5},{"tube":"\ud800","value":"negative","reported_at":"2022-07-22"}]}).encode(),
     json.dumps({"evidence":[{"client_id":"\0","kind":"x","person":str(town.people["吴强"].uid)},{"client_id":"\ud800","kind":"health_report","data":{"temperature":36.5,"symptoms":[]},"person":str(town.people["吴强"].uid)},{"client_id":"q","kind":"health_report","data":{"temperature":1e999,"symptoms":["\0"]},"person":str(town.people["吴强"].uid)},{"client_id":"q2","kind":"health_report","data":{"temperature":36.5,"symptoms":["\ud800"]},"person":str(town.people["吴强"].uid)}]}).encode(),
     json.dumps({"person":str(town.people["吴强"].uid),"reason":"\0","since_at":"2022-07-22","until_at":"2022-07-23"}).encode(),
     json.dumps({"person":str(town.people["吴强"].uid),"reason":"\ud800","since_at":"2022-07-22","until_at":"2022-07-23"}).encode(),
     json.dumps({"person":str(town.people["吴强"].uid),"reason":"x","duty":"\0","since_at":"0001-01-01","until_at":"9999-12-31"}).encode(),
     json.dumps({"person":str(town.people["吴强"].uid),"unit":str(uuid4()),"reason":"x","since_at":"x","until_at":"y"}).encode(),
     json.dumps({"opens_at":"0001-01-01","closes_at":"9999-12-31","pool_size":-1}).encode(),
     json.dumps({"opens_at":"2022-07-23T00:00","closes_at":"2022-07-23T01:00","pool_size":10**40,"number":5}).encode(),
     json.dumps({"opens_at":"2022-07-23T00:00","closes_at":"2022-07-23T01:00","pool_size":10,"number":7,"place":2**62}).encode(),
     b"x"*(13*1024*1024)]
    for op in ops:
        for b in bodies:
            r=c.post("/api/v1/"+op,b,content_type="application/json")
            j=r.headers["content-type"].startswith("application/json")
            if r.status_code>=500 or not j or (r.status_code>=400 and not {"refused","message"}<=set(r.json())):
                print("APIPOST",op,b[:60],r.status_code,r.content[:90],repr((getattr(r,"exc_info",None) or [0,0])[1])[:90])
    for m in("put","delete","patch","get","options","head"):
        r=getattr(c,m)("/api/v1/screening/scans"); print(m,r.status_code,r.headers.get("content-type"),r.content[:80])
    r=c.delete("/api/v1/duties/excuses/99999999999999999999999"); print(r.status_code,r.content[:80])
    for op in("screening/files/scans","screening/files/results","registry/rosters"):
        for d in ({},{"park":str(town.park.uid)},{"park":str(town.park.uid),"file":"x"}):
            r=c.post("/api/v1/"+op,d); print(op,r.status_code,r.content[:120])
    cs=Client(enforce_csrf_checks=True,raise_request_exception=False); cs.force_login(town.users["lin"])
    r=cs.post("/api/v1/screening/scans",b'{"scans":[]}',content_type="application/json"); print("csrf api",r.status_code,r.content[:120])
    r=Client(HTTP_AUTHORIZATION="Bearer nope").get("/api/v1/registry/parks"); print("badtoken",r.status_code,r.content)
    r=Client(HTTP_AUTHORIZATION="Basic nope").get("/api/v1/registry/parks"); print("basic",r.status_code,r.content)
    r=Client(HTTP_HOST="evil.example",raise_request_exception=False).get("/api/v1/registry/parks"); print("host",r.status_code,r.content[:80])
