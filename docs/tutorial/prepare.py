"""Make train.jsonl and test.jsonl for the tutorial: who speaks, told from the kind of article.

    python docs/tutorial/prepare.py corpus/civic/typical-hotline*.jsonl

In earnest you would read every paragraph and label it; here the articles' kinds stand in for that.
"""

import json
import sys
from pathlib import Path
from zlib import crc32

KINDS = {
    "complaint": {
        "问政留言",
        "热线工单",
        "论坛帖子",
        "市民来信",
        "市民留言",
        "12345工单",
        "领导留言板",
        "业主群帖子",
    },
    "reply": {"问政回复", "官方回复", "建议答复"},
}

lines = {"train.jsonl": [], "test.jsonl": []}
for name in sys.argv[1:]:
    for line in Path(name).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        doc = f"{Path(name).stem}/{row['doc']}"
        labels = [label for label, kinds in KINDS.items() if row["genre"] in kinds]
        made = {"doc": doc, "para": row["para"], "title": row["title"], "text": row["text"], "labels": labels}
        # A whole article goes to one side: its paragraphs are alike, and a split one would flatter.
        side = "test.jsonl" if crc32(doc.encode()) % 4 == 0 else "train.jsonl"
        lines[side].append(json.dumps(made, ensure_ascii=False))
for name, made in lines.items():
    Path(name).write_text("\n".join(made) + "\n", encoding="utf-8")
    print(name, len(made), "paragraphs")
