import { rootPath } from './html/page.ts'

/** robots.txt. URLs of athletes' records are secret and are excluded as well. */
export function robotsText(publicUrl: string): string {
  const root = rootPath(publicUrl)
  return [
    'User-agent: *',
    `Disallow: ${root}v1/athletes/`,
    `Disallow: ${root}dev/`,
    '',
    `Sitemap: ${publicUrl}/sitemap.xml`,
    ''
  ].join('\n')
}

/** Every page, for crawlers. @param paths from the root */
export function sitemap(publicUrl: string, paths: readonly string[]): string {
  const root = publicUrl.replaceAll('&', '&amp;')
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
    ...paths.map((path) => `<url><loc>${root}${path}</loc></url>`),
    '</urlset>',
    ''
  ].join('\n')
}

/**
 * Where to report a vulnerability (RFC 9116).
 * @param year the current year: the text is valid until the end of the next
 */
export function securityText(publicUrl: string, year: number): string {
  return [
    `Contact: ${publicUrl}/docs/guides/operators#security`,
    `Expires: ${year + 1}-12-31T23:59:59Z`,
    'Preferred-Languages: en',
    `Canonical: ${publicUrl}/.well-known/security.txt`,
    ''
  ].join('\n')
}
