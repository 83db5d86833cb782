// Before anything is painted: language and theme as they were chosen, and whether it is the start page, whose words are in the page already.
;(() => {
  const root = document.documentElement
  try {
    const theme = localStorage.getItem('colophon.theme')
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme
    const spoken = [localStorage.getItem('colophon.language'), ...navigator.languages].find((tag) => /^(en|zh)/i.test(tag ?? ''))
    if (/^zh/i.test(spoken ?? '')) root.lang = 'zh-CN'
  } catch {
    // Without storage there is nothing chosen.
  }
  if (/^#?\/?$/.test(location.hash)) root.dataset.first = ''
})()
