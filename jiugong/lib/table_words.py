"""What the tables are called where people read of them: which row was touched, what came late, what goes with an erasure."""

from collections.abc import Mapping

from jiugong.lib.keeping import Said

TABLES: Mapping[str, Said] = {name: Said(zh, en) for name, zh, en in (
    ("work_job", "后台任务", "Long work"), ("registry_park", "园区", "Park"), ("registry_place", "场所", "Places"),
    ("registry_siting", "厂区定位", "Where sites lie"), ("registry_unit", "单位", "Units"),
    ("registry_person", "人员", "People"), ("registry_posting", "在岗信息", "Who works where"),
    ("registry_assignment", "住宿、就餐、班车安排", "Beds, tables and buses"), ("registry_body", "工作机构", "Groups"),
    ("registry_bodymember", "机构成员", "Members of groups"), ("registry_charge", "责任人", "Who answers"),
    ("registry_badge", "人员码", "Badges"), ("registry_badgetry", "人员码误试记录", "Wrong tries of a badge"),
    ("registry_mapping", "表头对照", "Mappings"), ("registry_upload", "导入文件", "Files taken in"),
    ("accounts_user", "账号", "Accounts"), ("accounts_membership", "角色授权", "Roles held"),
    ("accounts_token", "程序令牌", "Tokens"), ("accounts_signin", "登录设备", "Sessions"),
    ("accounts_signintry", "登录误试记录", "Wrong tries at the door"), ("accounts_signinlink", "登录链接", "Sign-in links"),
    ("accounts_linkwish", "登录链接请求", "Wishes for a sign-in link"),
    ("accounts_secret", "登录密钥", "Secrets of signing in"), ("accounts_operatorsession", "运维会话", "Operators' sessions"),
    ("accounts_shift", "值班", "Shifts of duty"), ("accounts_accessreview", "查看权限复核", "Access reviews"),
    ("mfa_authenticator", "两步验证", "Second factors"), ("socialaccount_socialaccount", "外部身份", "Identities elsewhere"),
    ("account_emailaddress", "登录邮箱", "Mail addresses"), ("account_emailconfirmation", "邮箱确认", "Mail confirmations"),
    ("socialaccount_socialapp", "外部登录配置", "Settings of other ways in"),
    ("socialaccount_socialtoken", "外部登录令牌", "Tokens of other ways in"),
    ("django_session", "登录会话", "Browser sessions"), ("auth_permission", "框架权限", "Permissions of the framework"),
    ("auth_group", "框架分组", "Groups of the framework"), ("django_content_type", "框架类型", "Types of the framework"),
    ("journal_entry", "操作日志", "Journal"), ("journal_lookup", "查阅记录", "Who looked at whom"),
    ("journal_message", "消息", "Messages"), ("journal_notice", "通知", "Notices"), ("journal_channel", "渠道", "Channels"),
    ("journal_messagerules", "发送规则", "Rules of sending"), ("journal_contactways", "联系方式", "Ways to reach somebody"),
    ("journal_personways", "人员联系方式", "Ways to reach a person of the roster"),
    ("journal_wayproof", "联系方式确认", "Questions whether an address is right"),
    ("journal_delivery", "发送记录", "Sent messages"), ("journal_receipt", "发送回执", "Receipts"),
    ("rulebook_adoption", "政策采用记录", "Adopted releases"), ("rulebook_supplement", "本地规定", "Local rules"),
    ("rulebook_enterpriseplan", "企业方案", "Plans of enterprises"), ("rulebook_parkplan", "园区方案", "Plans of the park"),
    ("rulebook_grading", "风险等级", "Gradings"), ("rulebook_zoning", "区域等级", "Area levels"),
    ("duties_evidence", "上报记录", "What was recorded"), ("duties_check", "复核", "Checks"),
    ("duties_excuse", "免办记录", "Excuses"), ("screening_point", "采样点", "Sampling points"),
    ("screening_round", "轮次", "Rounds"), ("screening_round_enterprises", "轮次对象", "Enterprises of rounds"),
    ("screening_tube", "试管", "Tubes"), ("screening_specimen", "采样记录", "Swabs"),
    ("screening_undo", "撤销的采样", "Swabs taken back"), ("screening_result", "检测结果", "Results"),
    ("screening_retest", "复采", "Retests"), ("screening_box", "转运箱", "Boxes"),
    ("screening_packed", "装箱试管", "Tubes in boxes"), ("screening_leg", "转运箱交接", "Hand-overs of boxes"),
    ("screening_settlement", "冲突处理", "Settled conflicts"),
    ("screening_settledswab", "冲突处理的采样", "Swabs of settled conflicts"),
    ("screening_laboratory", "检测机构", "Laboratories"),
    ("screening_laboratoryaccount", "检测机构账号", "Accounts of laboratories"),
    ("screening_contract", "检测委托", "Contracts"), ("screening_pointstaff", "采样点人员", "Staff of points"),
    ("screening_sheetrun", "采样登记表", "Tube sheets"), ("tracing_pseudonym", "流调化名", "Pseudonyms"),
    ("tracing_spot", "停留场所", "Spots"), ("tracing_presence", "停留记录", "Who was where"),
    ("tracing_historyday", "行踪档案", "Days of the history"), ("tracing_venuecode", "场所码", "Venue codes"),
    ("tracing_drill", "流调演练", "Drills of tracing"),
    ("tracing_incident", "疫情事件", "Incidents"), ("tracing_member", "阳性管内人员", "Members of positive tubes"),
    ("tracing_case", "病例", "Cases"), ("tracing_trace", "流调记录", "Traces"), ("tracing_contact", "密切接触者", "Contacts"),
    ("tracing_ground", "密接判定依据", "Grounds of contacts"), ("tracing_order", "管控决定", "Orders"),
    ("tracing_step", "处置步骤", "Steps of incidents"), ("tracing_riskarea", "风险区", "Risk areas"),
    ("tracing_stay", "旅居史", "Stays outside the park"), ("tracing_returned", "返岗判定", "Judged returnees"),
    ("tracing_sentreport", "疫情报告报送", "Reports that were sent"), ("tracing_flagged", "外地推送人员", "Flagged people"),
    ("tracing_quietcheck", "静默期检查", "Checks of quiet periods"),
    ("lasting_backup", "备份", "Backups"),
    ("tracing_verified", "台账核实记录", "What was verified"),
    ("lasting_drill", "恢复演练", "Drills"), ("lasting_ending", "应急结束", "End of the emergency"),
    ("lasting_erasure", "数据删除", "Erasures"), ("lasting_objection", "异议", "Objections"),
    ("closing_closing", "封存进度", "Closings"), ("closing_seal", "封存码", "Seals"),
    ("closing_sealedtable", "封存的数据表", "Sealed tables"), ("closing_count", "封存的数字", "Sealed counts"),
    ("closing_miss", "封存时未办", "Missed when closed"), ("closing_afterword", "封存后的变动", "Changes after closing"),
    ("closing_check", "核验记录", "Verifications"), ("briefs_brief", "简报", "Briefs"),
    ("briefs_remit", "填报指标", "Figures asked of groups"), ("briefs_filing", "数据填报", "Filings"),
    ("briefs_filedfigure", "填报的数字", "Filed figures"))}


def table_in_words(name: str, language: str | None) -> str:
    """What a table is called; its own name where nobody gave it another."""
    words = TABLES.get(name)
    return name if words is None else words.zh if (language or "zh").startswith("zh") else words.en
