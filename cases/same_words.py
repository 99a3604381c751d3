"""Words that companies and patents use for the same thing: a company says 无人机, a claim says 无人飞行器.

Each line is one concept, its expressions apart by blanks. The table was written by the makers of this product from
general technical usage; no published thesaurus was taken over, and no expert has gone through it. It only adds to the
score of a patent, so that a wrong line never hides one; `docs/matching.md` tells how much it helps.
"""

import re
from collections.abc import Mapping
from functools import cache

_LINES = """
锂电池 锂离子电池 锂离子二次电池 锂电 动力电池 电芯
储能 蓄能 能量存储
钠电池 钠离子电池
燃料电池 氢燃料电池 质子交换膜
光伏 太阳能电池 光电转换 太阳电池
风电 风力发电 风机叶片 风电机组 风力发电机
充电桩 充电设施 充电装置
电机 电动机 马达
变频器 逆变器 变流器 功率变换
绝缘子 绝缘材料 电绝缘
无人机 无人飞行器 飞行器 多旋翼
无人驾驶 自动驾驶 智能驾驶 自主驾驶
无人船 水面无人艇 无人艇
激光雷达 点云 三维激光扫描
机械手 机械臂 机器人手臂 操作臂 夹爪 末端执行器
机器人 自动导引车 移动机器人
数控机床 加工中心 机床
刀具 切削工具 铣刀 车刀
焊接 熔接 焊缝
增材制造 3d打印 三维打印 激光熔化 熔融沉积
轴承 转动支承
齿轮 传动副 减速器 减速机
阀门 阀体 阀芯 控制阀
水泵 离心泵 泵体
摄像头 图像采集 相机 摄像机 视觉传感器
机器视觉 图像识别 视觉检测 图像处理
缺陷检测 瑕疵检测 缺陷识别 探伤 无损检测
人脸识别 面部识别 人脸检测
语音识别 语音转写 声音识别 话音
大模型 语言模型 自然语言处理 文本生成
知识图谱 知识库 语义网络
推荐系统 个性化推荐 推荐方法
神经网络 深度学习 机器学习
预测 预报 预估 趋势估计
故障诊断 故障检测 状态监测 健康管理 异常检测
区块链 分布式账本
加密 密码 密文 隐私保护
物联网 传感网络 无线传感
边缘计算 边缘节点 雾计算
数字孪生 虚拟仿真 虚实映射
虚拟现实 增强现实 vr ar
芯片 集成电路 半导体器件
功率器件 碳化硅器件 igbt 晶体管
led 发光二极管 照明
oled 有机电致发光 有机发光
显示屏 显示面板 显示装置
天线 辐射单元 射频
5g 移动通信 无线通信
传感器 感测元件 敏感元件
柔性传感 可穿戴 电子皮肤 柔性电极
光纤 光缆 光波导
激光 激光器
石墨烯 氧化石墨烯 二维碳材料
碳纤维 碳纤维复合材料
复合材料 增强材料 层合板
塑料 高分子材料 树脂 聚合物
可降解塑料 生物降解 聚乳酸 pla pbat
橡胶 弹性体
涂料 涂层 漆膜 防护层
防腐 耐腐蚀 缓蚀 抗腐蚀
胶粘剂 粘合剂 粘结剂 胶黏剂 胶水
阻燃 防火 难燃 耐火
隔热 保温 绝热 气凝胶
陶瓷 陶瓷材料
水泥 混凝土 胶凝材料 砂浆
钢渣 冶金渣 矿渣 粉煤灰 固废 固体废弃物 工业废渣
铝合金 铝基
镁合金 镁基
钛合金 钛基
高温合金 镍基合金
不锈钢 耐蚀钢
稀土 镧 铈 钕
磁性材料 永磁 磁体
纳米材料 纳米颗粒 纳米粒子
分离膜 滤膜 过滤膜 超滤 纳滤 反渗透
污水 废水 污水处理 废水处理
污泥 底泥 淤泥
除臭 恶臭 异味
废气 尾气 烟气 vocs 挥发性有机物
除尘 粉尘 颗粒物
脱硫 二氧化硫
脱硝 氮氧化物
碳捕集 二氧化碳捕集 碳捕获 co2
重金属 镉 铅 砷
土壤修复 污染土壤 土壤改良
垃圾 生活垃圾 固体垃圾 餐厨垃圾 厨余
催化剂 催化材料
余热 废热 余热回收
热泵 制冷 空调
换热器 热交换器 传热
锅炉 燃烧器
秸秆 农作物废弃物 生物质
肥料 有机肥 化肥
农药 杀虫剂 除草剂 杀菌剂
水稻 稻米 稻谷
小麦 麦类
玉米 玉蜀黍
大豆 豆粕
蔬菜 叶菜 番茄 黄瓜
水果 果实 采摘
茶叶 茶树 绿茶 制茶
养殖 饲养 水产养殖
饲料 日粮 饲喂
疫苗 免疫原 抗原
鱼 鱼类 鱼糜
肉制品 肉类 猪肉 牛肉
乳制品 牛奶 酸奶 发酵乳
益生菌 乳酸菌 双歧杆菌
保鲜 贮藏 冷链 防腐保鲜
食用油 油脂 植物油
多糖 寡糖
中药 中草药 中药材 草本提取物
抗肿瘤 抗癌 肿瘤 癌症
糖尿病 降血糖 血糖
高血压 血压
骨科 植入物 假体 骨修复
牙科 口腔 种植体
敷料 伤口 创面
心电 心电图 心律
超声 超声波
核磁 磁共振
ct 断层扫描 x射线
内窥镜 内镜
康复 外骨骼 助力
手术机器人 手术导航
药物递送 载药 缓释 靶向递送
抗体 单抗 免疫球蛋白
核酸检测 pcr 扩增检测 基因检测
快速检测 试纸 免疫层析 现场检测
酶 酶制剂 酶法
发酵 微生物培养 菌种
桥梁 桥面 梁体
隧道 盾构 掘进
边坡 滑坡 地质灾害
装配式 预制构件 预制
钢结构 钢框架
抗震 减震 隔震 减振
地下水 含水层
沥青 路面 道路
轨道 铁路 列车
停车 泊车 车位
交通信号 红绿灯 信号灯 路口
物流 仓储 分拣 快递
电梯 升降机
玻璃 玻璃板
纺织 织物 面料 纱线
印染 染色 染料
皮革 制革
造纸 纸浆 纤维素
包装 包装材料 薄膜
家具 木材 板材 竹材
油井 钻井 采油 油田
煤矿 矿井 采煤 巷道
选矿 浮选 矿石
页岩气 天然气 瓦斯
管道 管线 管网
泄漏 渗漏 漏损
电网 配电网 输电线路 配电
电缆 导线 线缆
变压器 互感器
微电网 分布式电源
节能 能耗 省电
噪声 降噪 噪音 吸声
振动 震动 颤振
火灾 烟雾 消防
应急 救援 灾害
教学 教育 实验教具
考试 试题 阅卷
老年人 养老 跌倒
儿童 婴幼儿
盲人 视障 助盲
"""
CONCEPTS: tuple[tuple[str, ...], ...] = tuple(tuple(line.split()) for line in _LINES.split("\n") if line)


@cache
def _names() -> Mapping[str, tuple[str, ...]]:
    """Return, by expression, the concepts that it stands for, each named by its first expression."""
    found: dict[str, tuple[str, ...]] = {}
    for line in CONCEPTS:
        for expression in line:
            found[expression] = (*found.get(expression, ()), line[0])
    return found


@cache
def _by_start() -> Mapping[str, tuple[str, ...]]:
    """Return the Chinese expressions by their first character, the longest first."""
    found: dict[str, list[str]] = {}
    for expression in sorted(_names(), key=lambda one: (-len(one), one)):
        if not expression.isascii():
            found.setdefault(expression[0], []).append(expression)
    return {start: tuple(expressions) for start, expressions in found.items()}


@cache
def _latin() -> re.Pattern[str]:
    names = sorted(name for name in _names() if name.isascii())
    return re.compile(f"(?<![a-z0-9])(?:{'|'.join(names)})(?![a-z0-9])")


def concepts_of(text: str) -> list[tuple[str, str]]:
    """Return each concept that a folded text names and the expression by which it does, in order."""
    names, starts, at, found = _names(), _by_start(), 0, _latin().findall(text)
    while at < len(text):
        here = next((one for one in starts.get(text[at], ()) if text.startswith(one, at)), "")
        if here:
            found.append(here)
        at += len(here) or 1
    return [(name, one) for one in found for name in names[one]]
