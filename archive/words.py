"""Phrases of the field that a large part of an archive holds, for which the index keeps one token a document.

FTS5 compares the places of every pair of a phrase, in every document that holds them: for a phrase that 150,000 of
200,000 documents hold, that is a tenth of a second to count. These phrases are counted by one token instead. They
change how fast an answer comes, never what it is: a phrase that is not listed is found by its pairs. An archive keeps
the list it was indexed with in the table `search_word`, so a longer list here takes effect when the index is built
again. So with the single characters most texts hold: each would be read as the lists of all its pairs, for seconds.
"""

from __future__ import annotations

_COMMON = """
三项制度 下一步 下一步工作 不断完善 不断提高 主要负责人 主要问题 习近平 习近平法治思想 乡村振兴 互联网+ 人大代表
人民政府 人民群众 人民调解 今年以来 体制机制 依法治国 依法治理 依法行政 信息公开 信访工作 党中央 党委政府
党的二十大 党的十九大 全过程记录 全面依法治国 全面推进 八五普法 公共服务 公共法律服务 公务员 公安局 公平竞争审查
关于印发 出庭应诉 办公厅 办公室 加强组织领导 卫生健康 双随机 取得了 司法局 各单位 各级政府 各部门 各项工作
合法性审查 国务院 基层治理 多元化解 委员会 存在问题 学习贯彻 学法用法 安全生产 实施意见 实施方案 实施纲要
宪法宣传 工作人员 工作情况 工作报告 工作机制 市场监督管理 市场监管 常务会 年以来 年度报告 应急管理 建立健全
情况报告 执法人员 执法监督 报告如下 指导意见 放管服 政务公开 政务服务 政协委员 政府信息公开 政府办公室
政府工作报告 政府建设 普法宣传 有关规定 有关部门 权力清单 权责清单 民法典 法制审核 法律援助 法律服务 法律法规
法律顾问 法治宣传 法治建设 法治意识 法治政府 法治政府建设 法治社会 法治观念 深入推进 生态环境 的意见 的报告
的通知 监督检查 监督管理 相关部门 矛盾纠纷 社会治理 社会稳定 第一责任人 管委会 管理办法 组织领导 经济社会发展
综合执法 营商环境 行政决策 行政处罚 行政复议 行政审批 行政应诉 行政强制 行政执法 行政机关 行政许可 行政诉讼
规范性文件 负责人 负面清单 责任制 责任清单 责任追究 贯彻落实 进一步 重大行政决策 长效机制 领导小组 领导干部
食品安全 高质量发展
法 政 年 的 一 人 国 省 市 县 区 局
"""
COMMON = tuple(_COMMON.split())
