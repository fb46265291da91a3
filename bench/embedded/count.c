/* SPDX-License-Identifier: BSL-1.0 */
/* A plugin of QEMU (-plugin count.so,begin=ADDRESS,end=ADDRESS,out=FILE): how many instructions are
 * run from one address to another, every time. Exactly: an emulator knows nothing of cycles. Debian
 * has no header of the interface (QEMU's docs/devel/tcg-plugins.rst, version 1): what is needed of
 * it is declared here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned long long plugin_id;
struct qemu_info;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { add_to_64_bits = 0, no_registers = 0 };

void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id, void (*)(plugin_id, struct qemu_plugin_tb*));
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn*, int operation, void* to,
                                                unsigned long long number);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn*, void (*)(unsigned, void*),
                                            int flags, void* data);
void qemu_plugin_register_atexit_cb(plugin_id, void (*)(plugin_id, void*), void* data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb*);
struct qemu_plugin_insn* qemu_plugin_tb_get_insn(const struct qemu_plugin_tb*, size_t);
unsigned long long qemu_plugin_insn_vaddr(const struct qemu_plugin_insn*);

#define EXPORTED __attribute__((visibility("default")))
EXPORTED int qemu_plugin_version = 1;
EXPORTED int qemu_plugin_install(plugin_id, const struct qemu_info*, int, char**);

static unsigned long long run, at_begin, counted, begin, end;
static const char* out;

static void begins(unsigned cpu, void* data) {
    (void)cpu, (void)data;
    at_begin = run;
}
static void ends(unsigned cpu, void* data) {
    (void)cpu, (void)data;
    counted += run - at_begin;
}

static void translated(plugin_id id, struct qemu_plugin_tb* block) {
    (void)id;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); ++i) {
        struct qemu_plugin_insn* each = qemu_plugin_tb_get_insn(block, i);
        const unsigned long long address = qemu_plugin_insn_vaddr(each);
        if (address == begin) qemu_plugin_register_vcpu_insn_exec_cb(each, begins, no_registers, 0);
        if (address == end) qemu_plugin_register_vcpu_insn_exec_cb(each, ends, no_registers, 0);
        qemu_plugin_register_vcpu_insn_exec_inline(each, add_to_64_bits, &run, 1);
    }
}

static void finished(plugin_id id, void* data) {
    (void)id, (void)data;
    FILE* file = fopen(out, "w");
    if (!file) return;
    fprintf(file, "%llu\n", counted);
    fclose(file);
}

int qemu_plugin_install(plugin_id id, const struct qemu_info* info, int count, char** arguments) {
    (void)info;
    for (int i = 0; i < count; ++i) {
        if (strncmp(arguments[i], "begin=", 6) == 0) begin = strtoull(arguments[i] + 6, 0, 16);
        if (strncmp(arguments[i], "end=", 4) == 0) end = strtoull(arguments[i] + 4, 0, 16);
        if (strncmp(arguments[i], "out=", 4) == 0) out = strdup(arguments[i] + 4);
    }
    if (!begin || !end || !out) return 1;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, finished, 0);
    return 0;
}
