"""What columns are called in other programs, in English and in German. Add to it what people's files teach."""

# Template column -> usual names, the likeliest first.
_NAMES = {
    "item_code": (
        "item, item no, item number, sku, product, product code, article, article no, part number, material, "
        "artikelnr, artikelnummer, artikel nr, artikel, art nr, produkt, produktnummer, materialnummer, "
        "sachnummer"
    ),
    "description": (
        "name, item name, product name, item description, text, bezeichnung, artikelbezeichnung, artikelname, "
        "produktname, beschreibung, benennung"
    ),
    "family": (
        "product family, product group, category, group, item group, warengruppe, artikelgruppe, "
        "produktgruppe, kategorie, produktfamilie, sortiment"
    ),
    "std_cost": (
        "standard cost, unit cost, cost, cost price, purchase price, einkaufspreis, ek, ek preis, "
        "einstandspreis, herstellkosten, selbstkosten"
    ),
    "list_price": (
        "price, sales price, selling price, list price, listenpreis, verkaufspreis, vk, vk preis, preis"
    ),
    "customer": (
        "customer no, customer number, customer code, customer id, client, account, debtor, kundennr, "
        "kundennummer, kunden nr, kunde, debitor, debitorennummer"
    ),
    "name": "customer name, company, kunde, kundenname, firma",
    "market": "country, sales country, land, markt, absatzmarkt, vertriebsgebiet, country code",
    "channel": "sales channel, kanal, vertriebskanal, vertriebsweg",
    "region": "sales region, gebiet, bundesland",
    "order_no": (
        "order, order number, order id, invoice, invoice no, invoice number, document, document no, belegnr, "
        "belegnummer, beleg nr, auftragsnr, auftragsnummer, auftrag, bestellnummer, rechnungsnr, "
        "rechnungsnummer, lieferscheinnr"
    ),
    "line_no": "line, line number, position, pos, pos nr, positionsnummer, zeile",
    "qty_ordered": (
        "quantity, qty, units, pieces, ordered, menge, anzahl, stueck, stueckzahl, absatz, absatzmenge, "
        "verkaufsmenge, bestellmenge"
    ),
    "qty": "quantity, on hand, stock, units, stock quantity, menge, bestand, lagerbestand, anzahl, stueck",
    "requested_date": (
        "date, requested, order date, delivery date, invoice date, document date, month, datum, belegdatum, "
        "lieferdatum, wunschtermin, rechnungsdatum, auftragsdatum, buchungsdatum, monat"
    ),
    "entry_date": "order date, document date, entry date, auftragsdatum, belegdatum, erfassungsdatum",
    "promised_date": "confirmed date, liefertermin, bestaetigter termin",
    "net_price": (
        "unit price, price, net unit price, einzelpreis, stueckpreis, preis, nettopreis, e preis, ep"
    ),
    "currency": "waehrung, whg",
    "site": "warehouse, location, plant, depot, lager, lagerort, standort, werk",
    "snapshot_date": (
        "date, count date, as of, stock date, stichtag, datum, inventurdatum, bestandsdatum, per"
    ),
    "safety_stock": "minimum stock, sicherheitsbestand, mindestbestand, meldebestand",
    "lead_time_days": "lead time, wiederbeschaffungszeit, lieferzeit, lieferzeit tage",
    "lot_size": "batch size, losgroesse, verpackungseinheit",
    "month": "period, date, monat, periode, datum",
    "net_revenue": "revenue, sales, turnover, umsatz, nettoumsatz, erloes",
    "ship_date": "shipped, shipping date, versanddatum, lieferdatum",
    "rate": "exchange rate, kurs, wechselkurs",
    "supplier": "vendor, supplier no, lieferant, lieferantennr, kreditor",
}
SYNONYMS = {column: tuple(names.split(", ")) for column, names in _NAMES.items()}

# Texts for columns that must be filled and that small firms' files do not have.
USUAL: dict[tuple[str, str], str] = {
    ("item_master", "item_type"): "FG",
    ("item_master", "status"): "active",
    ("customers", "market"): "ALL",
    ("inventory", "site"): "MAIN",
    ("item_location", "site"): "MAIN",
}

# Parts of a key that may be numbered where a file has none.
COUNTED = {("sales_orders", "line_no"), ("purchase_receipts", "line")}
