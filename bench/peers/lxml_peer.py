"""lxml: parse, add the features to the domain's <cpu>, serialise. Arguments and answers as in libxml2.c."""

import sys
import time

from lxml import etree


def cpu_of(root):
    domain = root if root.tag == "domain" else root.find("domain")
    return None if domain is None else domain.find("cpu")


def rewrite(document, names, parser):
    root = etree.fromstring(document, parser)
    cpu = cpu_of(root)
    if cpu is not None:
        for name in names:
            etree.SubElement(cpu, "feature", policy="disable", name=name)
    return etree.tostring(root)


def main():
    with open(sys.argv[1], encoding="utf-8") as job:
        first, *paths = job.read().splitlines()
    names = first.split(" ")
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    documents = [open(path, "rb").read() for path in paths if path]
    print("ready", ".".join(map(str, etree.LXML_VERSION[:3])), flush=True)
    for line in sys.stdin:
        passes = int(line)
        if passes == 0:
            print(sum(rewrite(d, names, parser).count(b"disable") for d in documents), flush=True)
            continue
        start = time.process_time()
        for _ in range(passes):
            for document in documents:
                rewrite(document, names, parser)
        took = time.process_time() - start
        print(f"{took * 1e6 / passes / len(documents):.3f}", flush=True)


main()
