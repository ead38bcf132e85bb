// libxml2: parse, add a <feature policy="disable"/> for each name to the domain's <cpu>, serialise.
// Arguments: a file whose first line holds the names and whose other lines are paths of documents.
// On standard input a number of passes to a line; answers microseconds of processor time per document. 0 asks for the
// number of "disable" in all results of one pass instead, so that the work of all engines can be compared.
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MOST_NAMES 256

typedef struct {
  char *bytes;
  int length;
} Document;

static char *names[MOST_NAMES];
static int nameCount;
static Document *documents;
static int documentCount;

static Document readDocument(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    perror(path);
    exit(1);
  }
  fseek(file, 0, SEEK_END);
  Document document = {NULL, (int)ftell(file)};
  document.bytes = malloc((size_t)document.length + 1);
  rewind(file);
  if (fread(document.bytes, 1, (size_t)document.length, file) != (size_t)document.length) exit(1);
  fclose(file);
  return document;
}

static void readJob(const char *path) {
  Document job = readDocument(path);
  job.bytes[job.length] = 0;
  char *rest = job.bytes;
  char *line = strsep(&rest, "\n");
  for (char *name; nameCount < MOST_NAMES && (name = strsep(&line, " ")) != NULL;) names[nameCount++] = name;
  documents = malloc(sizeof(Document) * (size_t)(job.length + 1));
  while ((line = strsep(&rest, "\n")) != NULL)
    if (*line != 0) documents[documentCount++] = readDocument(line);
}

static xmlNodePtr child(xmlNodePtr parent, const char *name) {
  for (xmlNodePtr node = parent->children; node != NULL; node = node->next)
    if (node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0) return node;
  return NULL;
}

// The domain itself, or the one in a <domstatus>, <domainsnapshot> or <domaincheckpoint>.
static xmlNodePtr cpuOf(xmlNodePtr root) {
  if (strcmp((const char *)root->name, "domain") != 0) root = child(root, "domain");
  return root == NULL ? NULL : child(root, "cpu");
}

static int rewriteDocument(const Document *document, xmlChar **out) {
  int length = 0;
  xmlDocPtr xml = xmlReadMemory(document->bytes, document->length, NULL, NULL, XML_PARSE_NONET);
  *out = NULL;
  if (xml == NULL) return 0;
  xmlNodePtr cpu = cpuOf(xmlDocGetRootElement(xml));
  for (int i = 0; cpu != NULL && i < nameCount; i++) {
    xmlNodePtr feature = xmlNewChild(cpu, NULL, BAD_CAST "feature", NULL);
    xmlNewProp(feature, BAD_CAST "policy", BAD_CAST "disable");
    xmlNewProp(feature, BAD_CAST "name", BAD_CAST names[i]);
  }
  xmlDocDumpMemory(xml, out, &length);
  xmlFreeDoc(xml);
  return length;
}

static long countDisables(void) {
  long count = 0;
  for (int i = 0; i < documentCount; i++) {
    xmlChar *out;
    if (rewriteDocument(&documents[i], &out) == 0) continue;
    for (char *at = (char *)out; (at = strstr(at, "disable")) != NULL; at++) count++;
    xmlFree(out);
  }
  return count;
}

static double secondsOf(struct timespec time) { return (double)time.tv_sec + (double)time.tv_nsec / 1e9; }

static double microsecondsPerDocument(int passes) {
  struct timespec start, end;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
  for (int pass = 0; pass < passes; pass++)
    for (int i = 0; i < documentCount; i++) {
      xmlChar *out;
      if (rewriteDocument(&documents[i], &out) > 0) xmlFree(out);
    }
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
  return (secondsOf(end) - secondsOf(start)) * 1e6 / passes / documentCount;
}

static void ignoreError(void *context, const char *format, ...) {
  (void)context;
  (void)format;
}

int main(int argc, char **argv) {
  if (argc != 2) return 1;
  readJob(argv[1]);
  xmlSetGenericErrorFunc(NULL, ignoreError);
  printf("ready %s\n", LIBXML_DOTTED_VERSION);
  fflush(stdout);
  char line[32];
  while (fgets(line, sizeof line, stdin) != NULL) {
    int passes = atoi(line);
    if (passes == 0) printf("%ld\n", countDisables());
    else printf("%.3f\n", microsecondsPerDocument(passes));
    fflush(stdout);
  }
  return 0;
}
