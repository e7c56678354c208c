export const slug = {
  args: ['STRING'],
  returns: 'STRING',
  call: (s: string): string => s.toLowerCase().replace(/ +/g, '-'),
};
