"use client";
import { memory, zeros } from "nbytes";
import { useEffect, useState } from "react";

function work() {
  const a = zeros(100);
  const b = a.copy();
  b.add(a).dispose();
}
export function Client() {
  const [text, setText] = useState("");
  useEffect(() => {
    const rows = memory.trace(work).lines().rows;
    setText(JSON.stringify(rows.map(({ site }) => `${site.file.split("/").pop()}:${site.line}`)));
  }, []);
  return <pre id="client">{text}</pre>;
}
