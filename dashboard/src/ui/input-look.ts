/** How what somebody types into looks, wherever it stands. */
export const inputLook =
  "w-full rounded-control border border-control bg-sunken light:bg-raised px-3 text-base text-ink placeholder:text-muted max-md:text-[16px] focus-visible:rounded-control focus-visible:border-transparent focus-visible:outline-offset-0 aria-invalid:border-danger";
export const inputHeight = "h-[38px] compact:h-[34px] max-md:h-11 coarse:h-11";
