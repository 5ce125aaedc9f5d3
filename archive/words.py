"""Phrases of the field that a large part of an archive holds, for which the index keeps one token a document.

FTS5 compares the places of every pair of a phrase, in every document that holds them: for a phrase that 150,000 of
200,000 documents hold, that is a tenth of a second to count. These phrases are counted by one token instead. They
change how fast an answer comes, never what it is: a phrase that is not listed is found by its pairs. An archive keeps
the list it was indexed with in the table `search_word`, so a longer list here takes effect when the index is built
again.
"""

from __future__ import annotations

_COMMON = """
“放管服”改革 一网通办 七五普法 三中全会 三项制度 下一步 下一步工作 下一步工作打算 不断完善 不断提高 主要负责人
主要问题 习近平 习近平新时代中国特色社会主义思想 习近平法治思想 乡村振兴 事中事后监管 二十大精神 互联网+
交通运输局 人大代表 人大监督 人民政府 人民政府办公室 人民群众 人民调解 今年以来 优化营商环境 体制机制 依法治区
依法治县 依法治国 依法治市 依法治理 依法行政 信息公开 信用体系 信访工作 党中央 党委会 党委政府 党政主要负责人
党的二十大 党的十九大 全过程记录 全面依法治国 全面推进 八五普法 公共服务 公共法律服务 公务员 公安局 公平竞争审查
公职律师 关于印发 出庭应诉 办公厅 办公室 加强组织领导 区人民政府 区委区政府 十九大精神 卫生健康 印发给你们
县人民政府 县委县政府 双公示 双随机 双随机、一公开 发展改革 取得了 司法局 司法行政 各单位 各级政府 各部门
各项工作 合法性审查 告知承诺制 商事制度改革 四中全会 国务院 国家工作人员 基层治理 多元化解 委员会 存在的问题
存在问题 学习贯彻 学法用法 安全生产 实施意见 实施方案 实施纲要 实施细则 审批制度改革 审计监督 宪法宣传 工作人员
工作制度 工作情况 工作报告 工作方案 工作机制 工作要点 工作计划 市人民政府 市场主体 市场监督管理 市场监督管理局
市场监管 市委市政府 常务会 常务会议 年以来 年度报告 应急管理 应急管理局 建立健全 情况报告 情况报告如下 执法人员
执法公示 执法案卷 执法检查 执法监督 执法证 扫黑除恶 报告如下 指导意见 放管服 放管服改革 政务公开 政务服务
政务服务中心 政协委员 政协民主监督 政府信息公开 政府办公室 政府工作报告 政府建设 政府法律顾问 教育局 普法宣传
暂行办法 最多跑一次 有关情况 有关规定 有关部门 机关负责人出庭 权力清单 权责清单 根据《 案卷评查 民政局 民法典
法制审核 法律援助 法律服务 法律法规 法律顾问 法治培训 法治宣传 法治宣传教育 法治建设 法治思维 法治意识 法治政府
法治政府建设 法治政府建设实施纲要 法治方式 法治社会 法治观念 深入推进 生态环境 生态环境局 疫情防控 的公告 的决定
的意见 的报告 的通知 监督检查 监督管理 相关部门 省人民政府 省委省政府 矛盾纠纷 矛盾纠纷排查 社会信用体系
社会治理 社会监督 社会稳定 第一责任人 第一责任人职责 管委会 管理办法 管理委员会 组织领导 经济社会 经济社会发展
综合执法 综合行政执法 脱贫攻坚 自然资源局 舆论监督 营商环境 行政决策 行政处罚 行政处罚法 行政复议 行政复议案件
行政审批 行政审批制度改革 行政应诉 行政强制 行政执法 行政执法三项制度 行政执法人员 行政执法监督 行政机关
行政规范性文件 行政许可 行政诉讼 规范性文件 认真贯彻 证明事项 请认真贯彻执行 谁执法谁普法 负责人 负面清单 财政局
责任制 责任清单 责任追究 贯彻落实 进一步 重大决策 重大行政决策 长效机制 领导小组 领导干部 食品安全 高质量发展
"""
COMMON = tuple(_COMMON.split())
