/** A power-duration curve and its best effort. */
export const FAVICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><style>path{stroke:#b3400f}circle{fill:#1f5fa8}@media(prefers-color-scheme:dark){path{stroke:#ff9a5c}circle{fill:#7db4f0}}</style><path d="M3 25C9 25 10 7 16 7s5 11 13 11" fill="none" stroke-width="3.5" stroke-linecap="round"/><circle cx="16" cy="7" r="4"/></svg>
`
