// A plugin of typedoc: names of the library stand under what they are for, which the folder of their source says.
import { Comment, CommentTag, Converter, ReflectionKind } from 'typedoc';

/** Category → sources of what belongs there; the first that fits counts. */
const CATEGORIES = [
  ['Pools', /^lib\/(?:check-pool|pool|rewrite)\.ts$|^types\/(?:pool|plan|running)\.ts$/],
  ['Plan pools', /^lib\/(?:pools|fleet)\/|^types\/pools\.ts$/],
  ['Read hosts and domains', /^lib\/parser\/|^types\/(?:cpu-map|domain|host|host-source|virtio)\.ts$/],
  [
    'Compare hosts',
    /^lib\/(?:compare|diff\/pool\/|cpu\/)|^types\/(?:baseline|cpu-definition|facts|lock)\.ts$/,
  ],
  ['Rehearse an upgrade', /^lib\/rehearse\/|^types\/(?:rehearsal|incident)\.ts$/],
  ['Gates', /^lib\/(?:gate\.ts|diff\/gate\/)|^types\/gate\.ts$/],
  ['Plan, write and undo', /^lib\/(?:diff|writer|record|text|xml)\/|^types\/(?:record|xml)\.ts$/],
  ['Findings', /^lib\/issues\/|^types\/issue/],
  ['Options', /^types\/options\.ts$/],
];

export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const reflection of project.getReflectionsByKind(ReflectionKind.SomeModule | ReflectionKind.All)) {
      if (reflection.parent?.kindOf(ReflectionKind.Module | ReflectionKind.Project) !== true) continue;
      const file = reflection.sources?.[0]?.fullFileName.replace(/^.*?\/(?=(?:lib|types)\/)/, '');
      const category = CATEGORIES.find(([, sources]) => file !== undefined && sources.test(file))?.[0];
      if (category === undefined) continue;
      reflection.comment ??= new Comment();
      reflection.comment.blockTags.push(new CommentTag('@category', [{ kind: 'text', text: category }]));
    }
  });
  // There is no address to link a line of the source to; its file is named all the same.
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const reflection of Object.values(project.reflections))
      for (const source of reflection.sources ?? []) delete source.url;
  });
}
