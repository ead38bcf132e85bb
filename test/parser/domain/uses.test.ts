import { parseDomain } from '../../../lib/parser/domain/domain.ts';

const used = (inner: string): string[] => {
  const text = `<domain type='kvm'>${inner}</domain>`;
  return parseDomain(text).uses.map(
    ({ key, value, span }) => `${key} ${value} ${text.slice(span.start, span.end)}`,
  );
};
const devices = (inner: string): string => `<devices>${inner}</devices>`;

test.each([
  ['a vCPU count', '<vcpu placement="static"> 4 </vcpu>', ['vcpu 4 <vcpu placement="static"> 4 </vcpu>']],
  ['genid', '<genid/>', ['genid yes <genid/>']],
  ['iothreads', '<iothreads>2</iothreads>', ['iothreads yes <iothreads>']],
  [
    'firmware',
    "<os firmware='efi'><loader secure='yes' type='pflash'>/a&amp;b</loader></os>",
    [
      "os.firmware efi <os firmware='efi'>",
      "loader.type pflash <loader secure='yes' type='pflash'>",
      "loader.secure yes <loader secure='yes' type='pflash'>",
      "loader.path /a&b <loader secure='yes' type='pflash'>/a&amp;b</loader>",
    ],
  ],
  [
    'memory',
    "<memoryBacking><source type='memfd'/></memoryBacking>",
    ["memoryBacking.sourceType memfd <source type='memfd'/>"],
  ],
  [
    'hyperv',
    "<features><hyperv mode='custom'><relaxed state='on'/><vapic state='off'/></hyperv></features>",
    ["hyperv.mode custom <hyperv mode='custom'>", "hyperv.features relaxed <relaxed state='on'/>"],
  ],
  [
    'other features',
    "<features><acpi/><pmu state='off'/><gic version='3'/><vmcoreinfo state='on'/><ps2 state='off'/><async-teardown enabled='no'/></features>",
    [
      "pmu off <pmu state='off'/>",
      "gic.version 3 <gic version='3'/>",
      "vmcoreinfo yes <vmcoreinfo state='on'/>",
    ],
  ],
  [
    'the time stamp counter alone of the timers',
    "<clock><timer name='rtc' frequency='1'/><timer name='tsc' frequency='2600000000'/></clock>",
    ["timer.tsc 2600000000 <timer name='tsc' frequency='2600000000'/>"],
  ],
  ['launch security', "<launchSecurity type='sev'/>", ["launchSecurity sev <launchSecurity type='sev'/>"]],
  [
    'a disk',
    devices("<disk device='lun' model='virtio'><target dev='sda' bus='scsi'/></disk>"),
    [
      "disk.diskDevice lun <disk device='lun' model='virtio'>",
      "disk.model virtio <disk device='lun' model='virtio'>",
      "disk.bus scsi <target dev='sda' bus='scsi'/>",
    ],
  ],
  ['video', devices("<video><model type='qxl'/></video>"), ["video.modelType qxl <model type='qxl'/>"]],
  [
    'a TPM',
    devices("<tpm model='tpm-crb'><backend type='emulator' version='2.0'/></tpm>"),
    [
      "tpm.model tpm-crb <tpm model='tpm-crb'>",
      "tpm.backendModel emulator <backend type='emulator' version='2.0'/>",
      "tpm.backendVersion 2.0 <backend type='emulator' version='2.0'/>",
    ],
  ],
  [
    'the emulator',
    devices('<emulator>/usr/bin/qemu</emulator>'),
    ['emulator /usr/bin/qemu <emulator>/usr/bin/qemu</emulator>'],
  ],
  [
    'nothing of another namespace',
    devices("<disk xmlns='urn:x' device='lun'><target bus='scsi'/></disk>"),
    [],
  ],
  ['nothing below another namespace', "<devices xmlns='urn:x'><disk device='lun'/></devices>", []],
  ['nothing of a device of another name', devices("<dish device='lun'/><disks device='lun'/>"), []],
  ['nothing elsewhere', "<metadata><disk device='lun'/></metadata>", []],
])('%s', (_, inner, expected) => {
  expect(used(inner)).toEqual(expected);
  expect(used(inner)).toEqual(expected);
});

test('a tag that is like the one before but for one character is told apart', () => {
  const guest = (bus: string): string => devices(`<disk><target dev='sda' bus='${bus}'/></disk>`);
  expect(
    [guest('sat'), guest('usb'), guest('sat'), guest('é??'), guest('è??')].map(
      (text) => used(text)[0]?.split(' ')[1],
    ),
  ).toEqual(['sat', 'usb', 'sat', 'é??', 'è??']);
});

test('the place of the machine type is told', () => {
  const text = "<domain><os><type machine='q35'>hvm</type></os><features><acpi/></features></domain>";
  const { osType } = parseDomain(text);
  expect(text.slice(osType?.start, osType?.end)).toBe("<type machine='q35'>");
});
